#include "core/plugin/native_child.h"

#include <memory>

#include "core/plugin/library_file.h"
#include "core/plugin/native_error.h"
#include "core/plugin/native_library.h"
#include "core/plugin/remote_call.h"
#include "core/process/parent.h"

namespace engine::plugin {
namespace {

class NativeChild {
 public:
  int run() {
    while (const auto request = parent_.next_request()) parent_.result(answer(*request));
    return 0;
  }

 private:
  std::string answer(std::string_view request) {
    try {
      WireReader in(request);
      if (library_) {
        skip_source(in);
      } else {
        library_ = load_library(read_source(in));
      }
      if (in.byte() == 0) return types();
      RemoteCall call(parent_, in);
      return call.result(library_->invoke(call.type(), call.function(), call, call.argument()));
    } catch (...) {
      return failed_result(current_error());
    }
  }

  std::string types() {
    WireWriter out;
    out.byte(0);
    write_types(library_->types(), out);
    return out.take();
  }

  process::Parent parent_;
  std::unique_ptr<NativeLibrary> library_;
};

}  // namespace

int run_native_child() {
  return NativeChild().run();
}

}  // namespace engine::plugin
