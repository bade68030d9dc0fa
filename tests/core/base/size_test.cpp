#include "core/base/size.h"

#include <doctest/doctest.h>

using engine::parse_size;

TEST_CASE("sizes are read with their unit") {
  CHECK(parse_size("64KiB") == 65536);
  CHECK(parse_size("256MiB") == 268435456);
  CHECK(parse_size("2GiB") == 2147483648);
  CHECK(parse_size("0MiB") == 0);
}

TEST_CASE("anything else is no size") {
  for (const char* text : {"", "64", "64MB", "64 MiB", "MiB", "-1MiB", "1.5GiB", "64MiBs",
                           "1024GiB", "99999999999999999999KiB", "18014398509481984KiB"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
  }
}
