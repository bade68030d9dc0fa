#include "core/http/address.h"

#include <doctest/doctest.h>

using namespace engine::http;
using Poco::Net::IPAddress;

TEST_CASE("private addresses are known in every form") {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.9.9.9",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "198.18.0.1",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::127.0.0.1",
                           "fc00::1",
                           "fd12::1",
                           "fe80::1",
                           "ff02::1",
                           "64:ff9b::a00:1",
                           "2002:a00:1::1",
                           "2001::1",
                           "2001:db8::1"}) {
    CAPTURE(text);
    CHECK(is_private_address(IPAddress(text)));
  }
}

TEST_CASE("public addresses are not taken for private ones") {
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1",
        "169.253.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "223.255.255.255",
        "::ffff:8.8.8.8", "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808"}) {
    CAPTURE(text);
    CHECK_FALSE(is_private_address(IPAddress(text)));
  }
}
