#include "core/store/group_writer.h"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <exception>
#include <vector>

#include "core/base/error.h"
#include "core/store/schema.h"

namespace engine::store {
namespace {

constexpr std::size_t kMostQueuedBytes = 16U << 20U;
constexpr std::size_t kLargestGroup = 4096;
constexpr std::size_t kMostFailures = 65'536;
// The log is copied when it has grown so far and nothing is to be written, or at the latest when it
// has grown so much: the next process has to read all of it.
constexpr int kCopyIdleLogPages = 200;
constexpr int kMostLogPages = 1000;
constexpr std::chrono::milliseconds kIdle{2};

}  // namespace

class GroupWriter::CommitTicket final : public Ticket {
 public:
  void wait() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    if (error_) std::rethrow_exception(error_);
  }
  bool done() const override {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  void then(std::function<void(std::exception_ptr)> callback) override {
    {
      const std::lock_guard lock(mutex_);
      if (!done_) {
        callbacks_.push_back(std::move(callback));
        return;
      }
    }
    callback(error_);
  }
  void finish(const std::exception_ptr& error) {
    std::vector<std::function<void(std::exception_ptr)>> callbacks;
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
      error_ = error;
      callbacks.swap(callbacks_);
    }
    changed_.notify_all();
    for (const auto& callback : callbacks) callback(error);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::exception_ptr error_;
  std::vector<std::function<void(std::exception_ptr)>> callbacks_;
};

struct GroupWriter::Entry {
  Write write;
  std::size_t bytes = 0;
  bool maintenance = false;
  bool anew = false;
  std::string history;
  std::shared_ptr<CommitTicket> ticket;
  std::exception_ptr error;
};

GroupWriter::GroupWriter(const std::filesystem::path& file)
    : file_(file.string()), connection_(file, Connection::Access::write) {
  migrate(connection_.database());
  thread_ = std::thread([this] { loop(); });
}

GroupWriter::~GroupWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  thread_.join();
}

TicketPtr GroupWriter::enqueue(Write write, std::size_t bytes, std::string history) {
  auto ticket = std::make_shared<CommitTicket>();
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock,
               [&] { return queued_bytes_ == 0 || queued_bytes_ + bytes <= kMostQueuedBytes; });
    queued_bytes_ += bytes;
    queue_.push_back({std::move(write), bytes, false, false, std::move(history), ticket, nullptr});
  }
  work_.notify_one();
  return ticket;
}

TicketPtr GroupWriter::enqueue_anew(Write write, std::string history) {
  auto ticket = std::make_shared<CommitTicket>();
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(write), 0, false, true, std::move(history), ticket, nullptr});
  }
  work_.notify_one();
  return ticket;
}

CommitCounts GroupWriter::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void GroupWriter::count(std::size_t writes, std::chrono::steady_clock::time_point begin) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  ++counts_.commits;
  counts_.writes += writes;
  counts_.seconds += took.count();
}

TicketPtr GroupWriter::enqueue_maintenance(Write work) {
  auto ticket = std::make_shared<CommitTicket>();
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(work), 0, true, false, {}, ticket, nullptr});
  }
  work_.notify_one();
  return ticket;
}

void GroupWriter::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    wait_for_work(lock);
    if (queue_.empty()) return;
    std::deque<Entry> group;
    std::size_t bytes = 0;
    const bool maintenance = queue_.front().maintenance;
    while (!queue_.empty() && group.size() < kLargestGroup &&
           queue_.front().maintenance == maintenance && (!maintenance || group.empty())) {
      bytes += queue_.front().bytes;
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    lock.unlock();
    const auto begin = std::chrono::steady_clock::now();
    commit(group);
    for (const Entry& entry : group) {
      if (entry.anew && !entry.error) failed_.erase(entry.history);
    }
    for (Entry& entry : group) entry.write = nullptr;  // what it holds may be large
    lock.lock();
    if (!maintenance) count(group.size(), begin);
    queued_bytes_ -= bytes;
    room_.notify_all();
    lock.unlock();
    for (Entry& entry : group) entry.ticket->finish(entry.error);
    group.clear();
    lock.lock();
  }
}

// After the tickets of a commit are given out: nobody waits for the copy but who comes meanwhile.
void GroupWriter::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto something = [this] { return stopping_ || !queue_.empty(); };
  const int pages = connection_.log_pages();
  const bool copy = pages >= kMostLogPages ||
                    (pages >= kCopyIdleLogPages && !work_.wait_for(lock, kIdle, something));
  if (copy && !stopping_) {
    lock.unlock();
    connection_.copy_log();
    lock.lock();
  }
  work_.wait(lock, something);
}

void GroupWriter::commit(std::deque<Entry>& group) {
  if (group.size() == 1) return commit_alone(group.front());
  try {
    SQLite::Transaction transaction(connection_.database(), SQLite::TransactionBehavior::IMMEDIATE);
    for (Entry& entry : group) {
      if (!refuse(entry)) entry.write(connection_);
    }
    transaction.commit();
  } catch (const std::exception&) {
    for (Entry& entry : group) commit_alone(entry);
  }
}

void GroupWriter::commit_alone(Entry& entry) {
  if (refuse(entry)) return;
  try {
    try {
      if (entry.maintenance) {
        entry.write(connection_);
        return;
      }
      SQLite::Transaction transaction(connection_.database(),
                                      SQLite::TransactionBehavior::IMMEDIATE);
      entry.write(connection_);
      transaction.commit();
    } catch (const SQLite::Exception&) {
      throw_storage_error(file_);
    }
  } catch (const std::exception&) {
    entry.error = std::current_exception();
    remember_failure(entry);
  }
}

bool GroupWriter::refuse(Entry& entry) const {
  const auto failed = failed_.find(entry.history);
  if (failed == failed_.end() || entry.anew) return false;
  entry.error = failed->second;
  return true;
}

// The oldest are forgotten: whoever wrote them has seen the error and ended long ago.
void GroupWriter::remember_failure(const Entry& entry) {
  if (entry.history.empty() || !failed_.emplace(entry.history, entry.error).second) return;
  failed_order_.push_back(entry.history);
  if (failed_order_.size() <= kMostFailures) return;
  failed_.erase(failed_order_.front());
  failed_order_.pop_front();
}

}  // namespace engine::store
