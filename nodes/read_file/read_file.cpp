#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/node/binary_store.h"
#include "core/node/declare.h"
#include "core/node/file_format.h"
#include "core/node/text.h"
#include "nodes/read_file/record_reader.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "read_file";
  d.title = "Read a file";
  d.text =
      "Reads a file of this machine, inside of the folder that is allowed. Lists, lines and rows "
      "become items; a text becomes {data: text}; anything else becomes binary data.";
  d.parameters = {
      Declare("path", ParameterType::string, "The file.").required().example("orders.csv"),
      Declare("format", ParameterType::choice, "What it holds; seen from its name when not given.")
          .one_of({{"json", "A list gives an item for each element."},
                   {"ndjson", "One JSON document per line."},
                   {"csv", "A table; `.tsv` is one with tabs."},
                   {"text", ""},
                   {"binary", ""}}),
      Declare("delimiter", ParameterType::string, "Of CSV: one character, or `tab`.").example(";"),
      Declare("quote", ParameterType::string, "Of CSV: one character.").otherwise("\""),
      Declare("header", ParameterType::boolean,
              "Of CSV: the first row has the names. A name that is there twice gets a number, one "
              "that is empty becomes `column_3`.")
          .otherwise(true),
      Declare("columns", ParameterType::list, "Of CSV: names to use instead.")
          .of({Declare("name", ParameterType::string, "")}),
      Declare("typed", ParameterType::boolean,
              "Of CSV: makes numbers, true and false, and null of empty fields. All are texts "
              "otherwise.")
          .otherwise(false),
      Declare("into", ParameterType::string, "The field of a text, or the name of binary data.")
          .otherwise("data")};
  d.traits = {false, true, false};
  d.examples = {"- id: orders\n  type: read_file\n  with: { path: orders.csv, typed: true }\n"};
  return d;
}

char character_of(const Value& given, char otherwise, const std::string& parameter) {
  if (!given.given()) return otherwise;
  const std::string_view text = given.as_string();
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && text[0] != '\n' && text[0] != '\r') return text[0];
  Error error(ErrorCause::user, "bad_parameter",
              "'" + parameter + "' must be a single character, or 'tab'.");
  error.where.parameter = parameter;
  throw error;
}

CsvOptions csv_options(NodeContext& context, std::size_t index, const std::filesystem::path& path) {
  const auto get = [&](const char* name) { return context.parameter(name, index); };
  CsvOptions options;
  options.dialect.delimiter =
      character_of(get("delimiter"), path.extension() == ".tsv" ? '\t' : ',', "delimiter");
  options.dialect.quote = character_of(get("quote"), '"', "quote");
  options.header = get("header").as_bool(true);
  options.typed = get("typed").as_bool();
  const Value columns = get("columns");
  for (const View name : columns.elements()) options.columns.emplace_back(name.as_string());
  return options;
}

Items text_item(ChunkedFile& file, const std::string& field) {
  std::string text;
  text.reserve(file.size());
  for (std::string_view piece = file.next(); !piece.empty(); piece = file.next()) text += piece;
  return {{Value::object({{field, is_utf8(text) ? text : as_utf8(text)}}), {}, Origin()}};
}

Items binary_item(NodeContext& context, ChunkedFile& file, const std::filesystem::path& path,
                  const std::string& name) {
  const auto out = context.binaries().writer();
  for (std::string_view piece = file.next_raw(); !piece.empty(); piece = file.next_raw()) {
    context.cancellation().check();
    out->write(piece);
  }
  const Value binary = out->finish(mime_type_of(path), path.filename().string());
  return {{Value::object(), Value::object({{name, binary}}), Origin()}};
}

class ReadFile final : public ItemNode {
 protected:
  Items run_item(NodeContext& context, std::size_t index) const override {
    const std::filesystem::path path =
        context.file(std::string(context.parameter("path", index).as_string()));
    const Value format = context.parameter("format", index);
    const std::string into(context.parameter("into", index).as_string("data"));
    ChunkedFile file(path);
    try {
      switch (parse_file_format(format.as_string()).value_or(file_format_of(path))) {
        case FileFormat::json: return read_json_items(file, context.cancellation());
        case FileFormat::ndjson: return read_ndjson_items(file, context.cancellation());
        case FileFormat::csv:
          return read_csv_items(file, csv_options(context, index, path), context.cancellation());
        case FileFormat::text: return text_item(file, into);
        case FileFormat::binary: break;
      }
    } catch (const Error& error) {
      if (error.cause() != ErrorCause::user || !error.where.parameter.empty()) throw;
      throw Error(error.cause(), error.code(), "'" + path.string() + "': " + error.message());
    }
    return binary_item(context, file, path, into);
  }
};

}  // namespace

NodeType read_file() {
  return action(describe(), std::make_shared<ReadFile>());
}

}  // namespace engine::nodes
