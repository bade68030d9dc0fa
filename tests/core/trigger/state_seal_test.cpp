#include "core/trigger/state_seal.h"

#include <doctest/doctest.h>

#include "core/base/error.h"

namespace engine::trigger {
namespace {

const std::string kSecret(32, 's');

std::string code_of(const StateSeal& seal, const std::string& workflow, const std::string& node,
                    const std::string& sealed) {
  try {
    seal.open(workflow, node, sealed);
    return "";
  } catch (const Error& error) {
    return error.code();
  }
}

}  // namespace

TEST_CASE("a sealed state shows nothing and opens for its trigger alone") {
  const StateSeal seal(kSecret);
  const Value state = Value::object({{"secret", Value("whsec")}, {"id", Value(7)}});
  const std::string sealed = seal.seal("flow", "hook", state);
  CHECK(sealed.find("whsec") == std::string::npos);
  CHECK(seal.open("flow", "hook", sealed) == state);
  CHECK(seal.seal("flow", "hook", state) != sealed);  // a new nonce each time
  CHECK(code_of(seal, "other", "hook", sealed) == "trigger_state_damaged");
  CHECK(code_of(seal, "flow", "other", sealed) == "trigger_state_damaged");
  CHECK(code_of(seal, "flowhook", "", sealed) == "trigger_state_damaged");
  CHECK(code_of(StateSeal(std::string(32, 't')), "flow", "hook", sealed) ==
        "trigger_state_damaged");
}

TEST_CASE("no state is an empty text, and what is damaged is said to be") {
  const StateSeal seal(kSecret);
  CHECK(seal.seal("flow", "hook", Value()).empty());
  CHECK(seal.open("flow", "hook", "").missing());
  for (const char* text : {"{}", "x", "!", "AAAA"}) {
    CHECK(code_of(seal, "flow", "hook", text) == "trigger_state_damaged");
  }
}

}  // namespace engine::trigger
