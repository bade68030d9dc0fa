// From an answer to items, or to the error that says what went wrong.
#pragma once

#include "core/base/error.h"
#include "core/http/message.h"
#include "core/node/context.h"

namespace engine::nodes {

enum class AnswerForm { by_type, json, text, binary, full };
AnswerForm parse_answer_form(std::string_view name);

struct Answer {
  int status = 0;
  Value headers;  ///< an object with names in lower case
  Value body;     ///< JSON, a text, or missing when it is binary
  Value binary;   ///< {data: …} when it is
  std::string url;

  /// What expressions of paging see: {status, headers, body, url}.
  Value as_value() const;
  bool empty() const;  ///< no body, or an empty list, object or text
};

/// Reads the body. Throws Error{upstream, "bad_answer"} when it is not the JSON that was asked for.
Answer read_answer(NodeContext& context, const http::Response& response, AnswerForm form,
                   const std::string& file_name);

/// A list gives an item for each element; what is not an object comes as {data: …}.
Items items_of(const Answer& answer, AnswerForm form);

/// The error of an answer that is none: cause by status, and the beginning of its body.
Error answer_error(const http::Request& request, const http::Response& response,
                   const std::string& credential);

}  // namespace engine::nodes
