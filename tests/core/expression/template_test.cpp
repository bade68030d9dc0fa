#include "core/expression/template.h"

#include <doctest/doctest.h>

#include "core/expression/split.h"
#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

namespace {

std::string split_of(const std::string& text) {
  std::string result;
  for (const Piece& piece : split_text(text)) {
    const char* marks = piece.kind == Piece::Kind::text         ? "''"
                        : piece.kind == Piece::Kind::expression ? "<>"
                                                                : "!!";
    result += marks[0] + piece.text + marks[1];
  }
  return result;
}

Diagnostics faults_of(const std::string& text) {
  Diagnostics diagnostics;
  Template::compile(text_at(text), "flow.yaml", "text", diagnostics);
  return diagnostics;
}

}  // namespace

TEST_CASE("a segment ends where its JavaScript ends") {
  CHECK(split_of("a {{ b }} c") == "'a '<b>' c'");
  CHECK(split_of("{{ '}}' }}") == "<'}}'>");
  CHECK(split_of("{{ {a:{b:1}} }}") == "<{a:{b:1}}>");
  CHECK(split_of("{{ {a:{b:1}}}}") == "<{a:{b:1}}>");
  CHECK(split_of("{{ `x${ {a:'}}'}.a }}}` }}!") == "<`x${ {a:'}}'}.a }}}`>'!'");
  CHECK(split_of("{{ /}}/.test(x) }}{{ a / b }}") == "</}}/.test(x)><a / b>");
  CHECK(split_of("{{ 1 /* }} */ }}") == "<1 /* }} */>");
  CHECK(split_of("{{ (1 }} x") == "<(1>' x'");
  CHECK(split_of("{{ 'abc }} x") == "<'abc>' x'");
  CHECK(split_of("{{ a") == "!!");
  CHECK(split_of("\\{{ a }} \\\\{{ b }}") == "'{{ a }} \\'<b>");
}

TEST_CASE("hostile texts neither crash nor hang") {
  CHECK(split_text("{{ " + std::string(200'000, '(')).size() == 1);
  std::string nested = "{{ ";
  for (int i = 0; i < 100'000; ++i) nested += "`${";
  CHECK(split_text(nested + " }}").size() == 1);
}

TEST_CASE("references are found with their places, dynamic ones are reported") {
  const Template source =
      compile("{{ $('a').item.json.x }} {{ [$node.b.json, $node['c'].json, $(`d`).all()] }}");
  REQUIRE(source.references().size() == 4);
  CHECK(source.references()[0].node == "a");
  CHECK(to_string(source.references()[0].position) == "flow.yaml:3:11");
  CHECK(source.references()[1].node == "b");
  CHECK(source.references()[2].node == "c");
  CHECK(source.references()[3].node == "d");
  const auto faults = faults_of("{{ $(x).item }}").sorted();
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].code == "dynamic_reference");
  CHECK(to_string(faults[0].position) == "flow.yaml:3:11");
}

TEST_CASE("empty and unclosed segments are reported") {
  CHECK(faults_of("a {{ }}").sorted().at(0).code == "empty_expression");
  CHECK(faults_of("a {{ b").sorted().at(0).code == "unclosed_expression");
  CHECK(faults_of("{{ import('fs') }}").sorted().at(0).code == "no_import");
  CHECK(faults_of("\\{{ b").empty());
}

TEST_CASE("constants, plain paths and JavaScript are told apart") {
  CHECK(compile("text").is_constant());
  CHECK(compile("\\{{ x }}").value().as_string() == "{{ x }}");
  CHECK_FALSE(Template().given());
  CHECK(compile("").given());
  for (const char* text :
       {"{{ $json.a.b[0]['k'] }}", "{{ $('x').first().json.y }}", "{{ $node.x.json.y }}",
        "{{ $json?.a?.[0] }}", "{{ 12 }}", "{{ 'a' }}", "{{ true }}", "{{ $input.item.json.y }}",
        "{{ $execution.id }}", "{{ $itemIndex }}", "{{ $('x').isExecuted }}"}) {
    CAPTURE(text);
    CHECK_FALSE(compile(text).is_constant());
    CHECK_FALSE(compile(text).needs_javascript());
  }
  for (const char* text : {"{{ $json.a() }}", "{{ $json.a + 1 }}", "{{ $now }}",
                           "{{ $json[$json.k] }}", "{{ -$json.a }}"}) {
    CAPTURE(text);
    CHECK(compile(text).needs_javascript());
  }
}

TEST_CASE("check reports what is not JavaScript, with its place") {
  Evaluator evaluator;
  const Template good = compile("{{ $json.a.map(x => x + 1) }}");
  const Template bad = compile("x {{ $json.a + }}");
  const Template two = compile("{{ 1); (2 }}");
  Diagnostics diagnostics;
  evaluator.check({&good, &bad, &two}, diagnostics);
  REQUIRE(diagnostics.size() == 2);
  CHECK(to_string(diagnostics.sorted()[1].position) == "flow.yaml:3:13");
  CHECK(diagnostics.sorted()[0].code == "bad_expression");
  Diagnostics script;
  evaluator.check_script("return 1;", {"flow.yaml", 5, 9}, script);
  CHECK(script.empty());
  evaluator.check_script("const a = 1;\nreturn a +;", {"flow.yaml", 5, 9}, script);
  REQUIRE(script.size() == 1);
  CHECK(script.sorted()[0].position.line == 6);
}
