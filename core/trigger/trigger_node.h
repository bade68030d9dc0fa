// One trigger node of a served workflow: the context that its trigger is called with.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/execution/services.h"
#include "core/node/node.h"
#include "core/trigger/state_seal.h"

namespace engine::trigger {

/// What the trigger nodes of a server share.
struct Site {
  const execution::Services& services;
  std::string public_url;  ///< without a slash at its end; empty: none was given
  Cancellation stopping;
  StateSeal seal;
};

/// What a trigger was activated with: enough to deactivate it when its file is gone.
struct Activation {
  std::string workflow;
  std::string node;
  const NodeType* type = nullptr;
  Value parameters;  ///< an object: evaluated, with defaults
  std::vector<std::pair<std::string, std::string>> credentials;  ///< slot, name
  std::string timezone;

  /// As text; secrets are not part of it. Equal activations have equal texts.
  std::string text() const;
};

/// Evaluates the parameters of a node. Throws Error{user}.
Activation activation_of(const workflow::Workflow& workflow, const workflow::WorkflowNode& node,
                         const execution::Services& services);
/// From Activation::text(). Null type when the registry does not know it any more.
Activation read_activation(const store::TriggerRecord& record, const Registry& registry);

/// Thread-safe.
class TriggerNode final : public TriggerContext {
 public:
  /// `workflow` is null for one whose file is gone.
  TriggerNode(const Site& site, std::shared_ptr<const workflow::Workflow> workflow,
              Activation activation);

  const Trigger& trigger() const { return trigger_; }
  const Activation& activation() const { return activation_; }
  const std::shared_ptr<const workflow::Workflow>& flow() const { return workflow_; }

  /// The path that url() ends with; to be set before it is shared.
  void set_path(std::string path) { path_ = std::move(path); }
  const std::string& path() const { return path_; }
  void set_state(Value state);

  /// Who changes the state holds it from reading what it depends on until it is stored, so that no
  /// change is lost: `read` is called again when the state changed meanwhile. What takes long is
  /// not to keep others waiting: only after some attempts it is read with the lock held.
  /// `changes` says of what was read whether it does; if not, nothing is held.
  template <typename Read, typename Changes>
  auto read_for_change(std::unique_lock<std::mutex>& lock, const Read& read,
                       const Changes& changes) {
    for (int attempt = 0;; ++attempt) {
      if (attempt == kMostAttempts) lock = std::unique_lock(memory_->changing);
      const std::uint64_t before = revision();
      auto result = read();
      if (!changes(result)) {
        if (lock.owns_lock()) lock.unlock();
        return result;
      }
      if (!lock.owns_lock()) lock = std::unique_lock(memory_->changing);
      if (revision() == before) return result;
      lock.unlock();
    }
  }
  /// As it is stored.
  std::string sealed(const Value& state) const;
  /// Sets what sealed() gave. Throws as StateSeal::open.
  void restore_state(const std::string& sealed);
  /// From now on both have one state: this one is a new version of `older`.
  void share_state(const TriggerNode& older) { memory_ = older.memory_; }

  std::string workflow() const override { return activation_.workflow; }
  std::string node() const override { return activation_.node; }
  Value parameter(std::string_view name) const override;
  std::string timezone() const override { return activation_.timezone; }
  std::string url() const override;
  Value state() const override;
  http::Response send(http::Request request, std::string_view slot) override;
  bool has_credential(std::string_view slot) const override;
  Value credential_field(std::string_view field, std::string_view slot) const override;
  Value credential_secret(std::string_view field, std::string_view slot) const override;
  std::string credential_key(std::string_view slot) const override;
  BinaryStore& binaries() override { return site_.services.binaries; }
  const Cancellation& cancellation() const override { return site_.stopping; }
  const Clock& clock() const override { return site_.services.clock; }
  Random& random() override { return site_.services.random; }
  Logger& log() override { return site_.services.log; }

 private:
  static constexpr int kMostAttempts = 3;
  Credential open(std::string_view slot) const;
  std::uint64_t revision() const;

  const Site& site_;
  std::shared_ptr<const workflow::Workflow> workflow_;
  Activation activation_;
  Trigger trigger_;
  std::string path_;
  struct Memory {
    std::mutex changing;  // held from reading the state to storing what replaces it
    std::mutex mutex;     // guards the two below
    Value state;
    std::uint64_t revision = 0;
  };
  std::shared_ptr<Memory> memory_ = std::make_shared<Memory>();
};

}  // namespace engine::trigger
