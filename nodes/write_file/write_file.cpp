#include <algorithm>
#include <fstream>
#include <map>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/node/binary_store.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/file_format.h"
#include "core/value/json.h"
#include "nodes/write_file/record_writer.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "write_file";
  d.title = "Write a file";
  d.text =
      "Writes items to a file of this machine, inside of the folder that is allowed: as JSON, "
      "lines of JSON or a table, or a text or binary data of each item. The file appears whole or "
      "not at all. Gives one item per file: {path, bytes, items}.";
  d.parameters = {
      Declare("path", ParameterType::string,
              "The file. With an expression, items go to different files.")
          .required()
          .example("report-{{ $json.customer }}.csv"),
      Declare("format", ParameterType::choice,
              "How it is written; seen from its name when not given.")
          .one_of({{"json", "A list of the items."},
                   {"ndjson", "One item per line."},
                   {"csv", "A table; `.tsv` is one with tabs."},
                   {"text", "The text of `text`."},
                   {"binary", "The binary data that `binary` names."}}),
      Declare("append", ParameterType::boolean, "Adds to the file instead of replacing it.")
          .otherwise(false),
      Declare("text", ParameterType::string, "What is written with the format `text`."),
      Declare("binary", ParameterType::string, "The name of binary data.").otherwise("data"),
      Declare("delimiter", ParameterType::string, "Of CSV: one character, or `tab`.").example(";"),
      Declare("quote", ParameterType::string, "Of CSV: one character.").otherwise("\""),
      Declare("header", ParameterType::boolean, "Of CSV: begins with the names.").otherwise(true),
      Declare("columns", ParameterType::list,
              "Of CSV: which fields, in which order; all when not given.")
          .of({Declare("name", ParameterType::string, "")}),
      Declare("bom", ParameterType::boolean,
              "Of CSV: begins with a byte order mark, which old spreadsheet programs need.")
          .otherwise(false)};
  d.traits = {false, false, true};
  d.examples = {"- id: save\n  type: write_file\n  with: { path: orders.csv }\n"};
  return d;
}

Error bad_parameter(const std::string& parameter, const std::string& message) {
  Error error(ErrorCause::user, "bad_parameter", message);
  error.where.parameter = parameter;
  return error;
}

char character_of(const Value& given, char otherwise, const std::string& parameter) {
  if (!given.given()) return otherwise;
  const std::string_view text = given.as_string();
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && text[0] != '\n' && text[0] != '\r') return text[0];
  throw bad_parameter(parameter, "'" + parameter + "' must be a single character, or 'tab'.");
}

// One file and the items that go into it.
class Job {
 public:
  Job(NodeContext& context, std::filesystem::path path, const Places& places)
      : context_(context), path_(std::move(path)), places_(places) {
    const Value format = get("format");
    format_ = parse_file_format(format.as_string()).value_or(file_format_of(path_));
    append_ = get("append").as_bool();
  }

  Item run() {
    std::size_t bytes = 0;
    if (context_.dry_run()) {
      context_.would("write a file", summary(0));
    } else {
      bytes = write();
    }
    std::vector<Origin::Source> sources;
    sources.reserve(places_.size());
    for (const std::uint32_t place : places_) sources.push_back({0, place});
    return {summary(bytes), {}, Origin::of(std::move(sources))};
  }

 private:
  Value get(std::string_view name, std::size_t at = 0) const {
    return context_.parameter(name, places_[at]);
  }

  Value summary(std::size_t bytes) const {
    return Value::object({{"path", path_.string()},
                          {"bytes", static_cast<std::int64_t>(bytes)},
                          {"items", static_cast<std::int64_t>(places_.size())}});
  }

  std::unique_ptr<FileTarget> target() const {
    const bool by_lines = format_ == FileFormat::ndjson || format_ == FileFormat::csv;
    return append_ ? append_to_file(path_, by_lines) : replace_file(path_, context_.random());
  }

  std::size_t write() const {
    const Items& items = context_.input();
    if (std::filesystem::is_directory(path_)) {
      throw bad_parameter("path", "'" + path_.string() + "' is a folder. Name a file in it.");
    }
    if (format_ == FileFormat::json && append_) {
      throw bad_parameter("append",
                          "A JSON list cannot be added to. Use the format 'ndjson' for that.");
    }
    std::optional<CsvTable> csv;
    if (format_ == FileFormat::csv) csv = table();
    const std::unique_ptr<FileTarget> out = target();
    switch (format_) {
      case FileFormat::json: write_json(items, places_, context_.cancellation(), *out); break;
      case FileFormat::ndjson: write_ndjson(items, places_, context_.cancellation(), *out); break;
      case FileFormat::csv:
        if (csv->header && get("bom").as_bool()) out->buffer() += "\xEF\xBB\xBF";
        write_csv(items, places_, *csv, context_.cancellation(), *out);
        break;
      case FileFormat::text:
        for (std::size_t i = 0; i < places_.size(); ++i) write_text(i, *out);
        break;
      case FileFormat::binary:
        for (std::size_t i = 0; i < places_.size(); ++i) write_binary(i, *out);
        break;
    }
    return out->commit();
  }

  CsvTable table() const {
    CsvTable table;
    table.dialect.delimiter =
        character_of(get("delimiter"), path_.extension() == ".tsv" ? '\t' : ',', "delimiter");
    table.dialect.quote = character_of(get("quote"), '"', "quote");
    table.header = get("header").as_bool(true);
    const Value columns = get("columns");
    for (const View name : columns.elements()) table.columns.emplace_back(name.as_string());
    if (table.columns.empty()) table.columns = columns_of(context_.input(), places_);
    if (append_ && table.header) adopt_header(table);
    return table;
  }

  // Rows that are added must stand in the columns that are there.
  void adopt_header(CsvTable& table) const {
    std::vector<std::string> header = read_header(path_, table.dialect);
    if (header.empty()) return;
    for (const std::string& name : table.columns) {
      if (std::find(header.begin(), header.end(), name) != header.end()) continue;
      throw Error(ErrorCause::user, "csv_columns_differ",
                  "'" + path_.string() + "' has no column '" + name + "'. It has " +
                      list_names(header) + "." + did_you_mean(name, header) +
                      " Name the fields to write with 'columns'.");
    }
    table.columns = std::move(header);
    table.header = false;
  }

  void write_text(std::size_t at, FileTarget& out) const {
    const Value text = get("text", at);
    if (text.missing())
      throw bad_parameter("text", "The format 'text' needs 'text': what is written.");
    out.write(to_text(text));
  }

  void write_binary(std::size_t at, FileTarget& out) const {
    const Value name = get("binary", at);
    const View binary = context_.input()[places_[at]].binary.view()[name.as_string("data")];
    if (!binary.is_object()) {
      throw bad_parameter("format", "The item has no binary data '" +
                                        std::string(name.as_string("data")) + "', and '" +
                                        path_.filename().string() +
                                        "' is written as binary data. To write fields, choose the "
                                        "format 'json', 'ndjson' or 'csv'.");
    }
    std::ifstream file(context_.binaries().path(binary), std::ios::binary);
    std::string piece(std::size_t{256} << 10U, '\0');
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
           file.gcount() > 0) {
      context_.cancellation().check();
      out.write({piece.data(), static_cast<std::size_t>(file.gcount())});
    }
    if (!file.eof())
      throw Error(ErrorCause::storage, "binary_not_read", "The binary data cannot be read.");
  }

  NodeContext& context_;
  std::filesystem::path path_;
  const Places& places_;
  FileFormat format_ = FileFormat::binary;
  bool append_ = false;
};

class WriteFile final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    std::map<std::filesystem::path, Places> files;
    std::string text;
    Places* places = nullptr;
    each_item(context, result, [&](std::size_t i) {
      const Value path = context.parameter("path", i);
      // Two ways to write the same path are one file.
      if (places == nullptr || path.as_string() != text) {
        places = nullptr;
        text = path.as_string();
        places = &files[context.file(text)];
        if (files.size() == 1 && places->empty()) places->reserve(context.input().size());
      }
      places->push_back(static_cast<std::uint32_t>(i));
    });
    for (const auto& [path, items] : files) {
      try {
        result.outputs[0].push_back(Job(context, path, items).run());
      } catch (...) {
        for (const std::size_t item : items) keep_or_throw(context, item, result.failed);
      }
    }
    return result;
  }
};

}  // namespace

NodeType write_file() {
  return action(describe(), std::make_shared<WriteFile>());
}

}  // namespace engine::nodes
