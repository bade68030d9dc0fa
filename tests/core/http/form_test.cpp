#include "core/http/form.h"

#include <doctest/doctest.h>

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("a form is read in order, decoded, whatever is missing in it") {
  using engine::http::parse_form;
  CHECK(parse_form("").empty());
  CHECK(parse_form("&&").empty());
  CHECK(parse_form("a=1&b=x+y%26z&a=2") == Pairs{{"a", "1"}, {"b", "x y&z"}, {"a", "2"}});
  CHECK(parse_form("name&=value&k=a=b&") == Pairs{{"name", ""}, {"", "value"}, {"k", "a=b"}});
  CHECK(parse_form("bad=%FF%zz") == Pairs{{"bad", "\xFF%zz"}});
}
