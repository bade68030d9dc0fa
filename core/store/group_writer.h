// The writer thread: commits what was enqueued in groups, in order.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "core/store/connection.h"
#include "core/store/store.h"

namespace engine::store {

class GroupWriter {
 public:
  /// Owns the only writing connection of the process.
  explicit GroupWriter(const std::filesystem::path& file);
  ~GroupWriter();
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  using Write = std::function<void(Connection&)>;

  /// Everything enqueued while a commit is under way becomes one transaction. A write that throws
  /// fails alone: the rest of its group is written without it. `bytes` counts against the limit of
  /// what may be queued; beyond it the caller waits. Writes with the same `history` build on each
  /// other: once one has failed, those after it fail with the same error, so that no history has a
  /// hole and the newest ticket speaks for all before it.
  TicketPtr enqueue(Write write, std::size_t bytes = 0, std::string history = {});

  /// Begins a history anew: it has not failed any more once this write is durable.
  TicketPtr enqueue_anew(Write write, std::string history);

  CommitCounts counts() const;

  /// Runs outside a transaction, in the writer thread, in order with the writes.
  TicketPtr enqueue_maintenance(Write work);

 private:
  struct Entry;
  class CommitTicket;
  void loop();
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void commit(std::deque<Entry>& group);
  void commit_alone(Entry& entry);
  void count(std::size_t writes, std::chrono::steady_clock::time_point begin);
  bool refuse(Entry& entry) const;
  void remember_failure(const Entry& entry);

  std::string file_;
  Connection connection_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable room_;
  std::deque<Entry> queue_;
  std::size_t queued_bytes_ = 0;
  bool stopping_ = false;
  CommitCounts counts_;
  std::map<std::string, std::exception_ptr, std::less<>> failed_;  // by history; writer thread only
  std::deque<std::string> failed_order_;
  std::thread thread_;
};

}  // namespace engine::store
