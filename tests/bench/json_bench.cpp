// A JSON array of 100 MB: parsed into items and printed, against bare RapidJSON in the same
// process.
// RapidJSON then takes sixteen bytes of a string at a time.
#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#elif defined(__ARM_NEON)
#define RAPIDJSON_NEON
#endif
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "core/value/item.h"
#include "core/value/json.h"

namespace {

std::string make_text(std::size_t bytes) {
  std::string text = "[";
  for (int i = 0; text.size() < bytes; ++i) {
    if (i > 0) text += ',';
    text += R"({"id":)" + std::to_string(i) + R"(,"name":"Item )" + std::to_string(i) +
            R"(","price":12.50,"active":true,"tags":["red","green"],"owner":{"id":7,"mail":null}})";
  }
  return text + ']';
}

template <typename Work>
double milliseconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

}  // namespace

int main() {
  const std::string text = make_text(100'000'000);
  std::size_t bare_size = 0;
  std::size_t size = 0;
  const double bare = milliseconds([&] {
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    document.Accept(writer);
    bare_size = buffer.GetSize();
  });
  const double ours = milliseconds([&] {
    const engine::Value document = engine::parse_json(text);
    engine::Items items;
    items.reserve(document.size());
    for (const engine::View element : document.elements()) {
      items.push_back({document.share(element), {}, {}});
    }
    std::string out = "[";
    for (const engine::Item& item : items) {
      if (out.size() > 1) out += ',';
      engine::print_json(item.json, out);
    }
    out += ']';
    size = out.size();
  });
  if (size != text.size()) return 1;  // numbers print as they came in
  std::printf(
      "{\"bench\":\"json_100mb\",\"ms\":%.0f,\"rapidjson_ms\":%.0f,\"ratio\":%.2f,\"goal\":2}\n",
      ours, bare, ours / bare);
  return bare_size > 0 ? 0 : 1;
}
