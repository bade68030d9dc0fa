// engine_package_compiler OUT.cpp (--package DIR | --credential DIR)…
// Checks declarative packages and credential types, and writes them as C++ tables.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "core/base/error.h"
#include "core/rest/compiler/yaml_source.h"
#include "core/rest/credential_reader.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

struct CompiledCredential {
  std::string id;
  std::string source;
};

struct Input {
  std::vector<CompiledPackage> packages;
  std::vector<CompiledCredential> credentials;
};

Input read_all(int count, char** arguments, Diagnostics& diagnostics) {
  Input input;
  for (int i = 2; i + 1 < count; i += 2) {
    const std::filesystem::path folder = arguments[i + 1];
    if (std::strcmp(arguments[i], "--package") == 0) {
      input.packages.push_back(compile_folder(folder, diagnostics));
      continue;
    }
    const auto path = folder / "credential.yaml";
    const SourceFile file = read_yaml_file(path, path.string(), diagnostics);
    const auto type = read_credential_type(file.content, file.name, diagnostics);
    input.credentials.push_back({type.id, print_json(to_value(file.content))});
  }
  return input;
}

std::string literal(const std::string& text) {
  return "R\"___(" + text + ")___\"";
}

void write_package(std::ostream& out, const CompiledPackage& package, std::size_t index) {
  out << "constexpr PackedOperation kOperations" << index << "[] = {\n";
  for (const CompiledOperation& operation : package.operations) {
    out << "{" << literal(operation.id) << ", " << operation.version << ", "
        << literal(operation.title) << ",\n " << literal(operation.source)
        << (operation.trigger ? ", true},\n" : "},\n");
  }
  out << "};\n";
}

void write(std::ostream& out, const Input& input) {
  out << "#include \"core/rest/register_packages.h\"\n\nnamespace engine::rest {\nnamespace {\n\n";
  for (std::size_t i = 0; i < input.packages.size(); ++i) write_package(out, input.packages[i], i);
  out << "constexpr PackedPackage kPackages[] = {\n";
  for (std::size_t i = 0; i < input.packages.size(); ++i) {
    out << "{" << literal(input.packages[i].id) << ",\n " << literal(input.packages[i].source)
        << ", kOperations" << i << "},\n";
  }
  out << "};\n\nconstexpr PackedCredentialType kCredentialTypes[] = {\n";
  for (const CompiledCredential& type : input.credentials) {
    out << "{" << literal(type.id) << ",\n " << literal(type.source) << "},\n";
  }
  out << "};\n\n}  // namespace\n\n"
         "std::span<const PackedPackage> packed_packages() { return kPackages; }\n"
         "std::span<const PackedCredentialType> packed_credential_types() {\n"
         "  return kCredentialTypes;\n}\n\n}  // namespace engine::rest\n";
}

int run(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "usage: engine_package_compiler OUT.cpp (--package DIR | --credential DIR)...\n";
    return 2;
  }
  Diagnostics diagnostics;
  const Input input = read_all(count, arguments, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    std::cerr << to_string(diagnostic) << '\n';
  }
  if (!diagnostics.empty()) return 3;
  std::ofstream out(arguments[1], std::ios::binary);
  write(out, input);
  return out.flush() ? 0 : 1;
}

}  // namespace
}  // namespace engine::rest

int main(int count, char** arguments) {
  try {
    return engine::rest::run(count, arguments);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
