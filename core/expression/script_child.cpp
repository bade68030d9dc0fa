// The process that runs scripts.
#include <algorithm>
#include <deque>
#include <memory>

#include "core/expression/apart_scripts.h"
#include "core/expression/runtime.h"
#include "core/expression/script_messages.h"
#include "core/process/parent.h"
#include "core/process/sandbox.h"

namespace engine::expression {
namespace {

constexpr std::size_t kMostPlaces = 8;

// Asks the engine.
class ParentData final : public DataSource {
 public:
  explicit ParentData(process::Parent& parent) : parent_(parent) {}

  std::optional<std::string> answer(const Question& question) override {
    return read_answer(parent_.call(to_message(question)));
  }
  void log(std::string_view level, std::string_view text) override {
    parent_.note(log_message(level, text));
  }

 private:
  process::Parent& parent_;
};

// The global objects of the workflows that were here last.
class Places {
 public:
  Places() { spare_ = std::make_unique<Runtime>(); }

  Runtime& of(const std::string& name) {
    for (auto place = places_.begin(); place != places_.end(); ++place) {
      if (place->name != name) continue;
      std::rotate(places_.begin(), place, place + 1);
      return *places_.front().runtime;
    }
    if (places_.size() == kMostPlaces) places_.pop_back();
    if (!spare_) spare_ = std::make_unique<Runtime>();
    places_.push_front({name, std::move(spare_)});
    return *places_.front().runtime;
  }

  Runtime& spare() { return *spare_; }

 private:
  struct Place {
    std::string name;
    std::unique_ptr<Runtime> runtime;
  };
  std::deque<Place> places_;  // the one used last at the front
  std::unique_ptr<Runtime> spare_;
};

// The time zone is read from files when it is first used; everything else of ICU is in its library.
void read_what_is_lazy(Runtime& runtime) {
  runtime.function("(new Date().toString(),()=>0)", "lazy");
}

std::string answer(Places& places, process::Parent& parent, const std::string& message) {
  try {
    const ScriptRequest request = read_request(message);
    ParentData data(parent);
    Runtime& runtime = places.of(request.place);
    return result_message(run_script(runtime, request.run, data, Cancellation(),
                                     [&] { return method_names(runtime); }));
  } catch (const Error& error) {
    return to_message(error);
  }
}

}  // namespace

int serve_scripts() {
  const process::Sandbox sandbox;
  process::Parent parent;
  std::unique_ptr<Places> places;
  std::string missing;
  try {
    places = std::make_unique<Places>();
    read_what_is_lazy(places->spare());
  } catch (const Error& error) {
    missing = to_message(error);
  }
  const std::string refused = sandbox.shut_out_the_world();
  while (const auto message = parent.next_request()) {
    if (!refused.empty()) parent.note(log_message(kRefusedByKernel, refused));
    parent.result(places ? answer(*places, parent, *message) : missing);
  }
  return 0;
}

}  // namespace engine::expression
