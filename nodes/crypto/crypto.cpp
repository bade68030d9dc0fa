#include <array>
#include <fstream>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/node/batch_builder.h"
#include "core/node/binary_store.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"
#include "core/value/json.h"
#include "nodes/crypto/random_text.h"

namespace engine::nodes {
namespace {

constexpr double kMostRandom = 65'536;

Description describe() {
  Description d;
  d.id = "crypto";
  d.title = "Crypto";
  d.text =
      "Computes hashes and signatures (HMAC) of a text or of binary data, and makes random texts "
      "and UUIDs that are fit for secrets.";
  d.parameters = {
      Declare("operation", ParameterType::choice, "What is made.")
          .required()
          .one_of({{"hash", "A digest."},
                   {"hmac", "A signature with a shared secret."},
                   {"random", "A random text."},
                   {"uuid", "A random UUID, version 4."}}),
      Declare("algorithm", ParameterType::choice, "The digest.")
          .one_of({{"md5", "Broken; for old services only."},
                   {"sha1", "Broken; for old services only."},
                   {"sha256", ""},
                   {"sha384", ""},
                   {"sha512", ""},
                   {"sha3-256", ""}})
          .otherwise("sha256")
          .only_for("operation", {"hash", "hmac"}),
      Declare("value", ParameterType::any, "The text. Numbers, lists and objects count as JSON.")
          .only_for("operation", {"hash", "hmac"})
          .example("{{ $json.email }}"),
      Declare("binary", ParameterType::string, "Instead of `value`: the name of binary data.")
          .only_for("operation", {"hash", "hmac"})
          .example("data"),
      Declare("secret", ParameterType::string, "The shared secret.")
          .secret()
          .only_for("operation", {"hmac"}),
      Declare("encoding", ParameterType::choice, "How the bytes are written.")
          .one_of({{"hex", ""}, {"base64", ""}, {"alphanumeric", "Only for `random`."}})
          .otherwise("hex")
          .only_for("operation", {"hash", "hmac", "random"}),
      Declare("length", ParameterType::integer,
              "How many random bytes, or letters with the encoding `alphanumeric`.")
          .otherwise(32)
          .at_least(1)
          .at_most(kMostRandom)
          .only_for("operation", {"random"}),
      Declare("into", ParameterType::string, "The field that receives the result.")
          .otherwise("data")};
  d.traits = {false, false, false};
  d.examples = {
      "- id: key\n  type: crypto\n"
      "  with: { operation: hash, value: \"{{ $json.email }}\", into: email_hash }\n"};
  return d;
}

Error missing(const std::string& parameter, const std::string& message) {
  Error error(ErrorCause::user, "bad_parameter", message);
  error.where.parameter = parameter;
  return error;
}

void read_pieces(const std::filesystem::path& path,
                 const std::function<void(std::string_view)>& take) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 1U << 16U> buffer{};
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)
    take({buffer.data(), static_cast<std::size_t>(file.gcount())});
  if (file.bad() || !file.eof()) {
    throw Error(ErrorCause::storage, "binary_not_read",
                "The binary data " + path.filename().string() + " cannot be read from the disk.");
  }
}

// Gives the data to `take`, piece by piece.
void read_data(NodeContext& context, std::size_t item,
               const std::function<void(std::string_view)>& take) {
  if (const Value name = context.parameter("binary", item); name.given()) {
    const View binary = context.input()[item].binary.view()[name.as_string()];
    return read_pieces(context.binaries().path(binary), take);
  }
  const Value value = context.parameter("value", item);
  if (value.missing())
    throw missing("value", "There is nothing to compute with. Give 'value' or 'binary'.");
  take(to_text(value));
}

std::string encoded(const std::string& bytes, std::string_view encoding) {
  return encoding == "base64" ? to_base64(bytes) : to_hex(bytes);
}

std::string result_of(NodeContext& context, std::size_t item) {
  const auto get = [&](std::string_view name) { return context.parameter(name, item); };
  const Value operation = get("operation");
  const std::string_view name = operation.as_string();
  if (name == "uuid") return random_uuid();
  const Value encoding = get("encoding");
  if (name == "random") {
    const auto length = static_cast<std::size_t>(get("length").as_integer().value_or(32));
    return encoding.as_string() == "alphanumeric"
               ? random_letters(length)
               : encoded(random_bytes(length), encoding.as_string());
  }
  if (encoding.as_string() == "alphanumeric")
    throw missing("encoding", "'alphanumeric' is for random texts. Use 'hex' or 'base64'.");
  const std::string algorithm(get("algorithm").as_string());
  if (name == "hash") {
    Hash hash(algorithm);
    read_data(context, item, [&](std::string_view piece) { hash.add(piece); });
    return encoded(hash.finish(), encoding.as_string());
  }
  const Value secret = get("secret");
  if (!secret.is_string()) throw missing("secret", "'hmac' needs a secret. Give 'secret'.");
  Hmac hmac(algorithm, secret.as_string());
  read_data(context, item, [&](std::string_view piece) { hmac.add(piece); });
  return encoded(hmac.finish(), encoding.as_string());
}

class Crypto final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    const Items& input = context.input();
    BatchBuilder batch;
    std::vector<FieldChange> change(1);
    RepeatedPath into("into");
    each_item(context, result, [&](std::size_t i) {
      change[0] = {into.of(context.parameter("into", i).as_string()), result_of(context, i)};
      Value json =
          batch.make([&](ValueBuilder& builder) { write_changed(builder, input[i].json, change); });
      result.outputs[0].push_back({std::move(json), input[i].binary, Origin::of(i)});
    });
    return result;
  }
};

}  // namespace

NodeType crypto() {
  return action(describe(), std::make_shared<Crypto>());
}

}  // namespace engine::nodes
