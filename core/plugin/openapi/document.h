// An OpenAPI document, and what is to be told about it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/value/value.h"

namespace engine::plugin::openapi {

/// What cannot be expressed, for people. Each sentence once, and not more than can be read.
class Notes {
 public:
  void add(const std::string& sentence);
  /// A keyword that only the service checks: counted, and told as one line.
  void left_to_service(std::string_view keyword) { ++keywords_[std::string(keyword)]; }

  std::vector<std::string> lines() const;

 private:
  static constexpr std::size_t kMost = 500;
  std::vector<std::string> lines_;
  std::set<std::string> known_;
  std::map<std::string, std::size_t> keywords_;
  std::size_t dropped_ = 0;
};

/// A map that is written in the order it is filled in.
class Members {
 public:
  /// Missing values are left out; a key that is there takes the new value.
  void set(std::string key, Value value);
  bool has(std::string_view key) const;
  bool empty() const { return members_.empty(); }
  Value value() const;

 private:
  std::vector<std::pair<std::string, Value>> members_;
};

/// Only references into the document itself are followed: nothing is ever fetched.
class Document {
 public:
  Document(Value root, Notes& notes) : root_(std::move(root)), notes_(notes) {}

  const Value& root() const { return root_; }
  /// `node`, or what its $ref leads to over at most a few steps. Missing (noted) when that is not
  /// there, outside of the document, or a circle.
  Value resolve(Value node) const;

 private:
  Value pointed(std::string_view pointer) const;

  Value root_;
  Notes& notes_;
};

/// A text of a member, cut to a length that is good to read; empty when there is none.
std::string text_of(const Value& node, const char* member, std::size_t most);

}  // namespace engine::plugin::openapi
