// The filters, order and pages of GET list tasks and GET team tasks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/clickup/sandbox/call.h"
#include "nodes/clickup/sandbox/field_filter.h"

namespace engine::clickup::sandbox {

constexpr std::size_t kTasksPerPage = 100;

/// What both task queries take; each adds its own.
constexpr std::string_view kTaskQuery =
    "page, order_by, reverse, subtasks, include_closed, include_markdown_description, statuses[], "
    "assignees[], tags[], custom_items[], custom_fields, custom_field, due_date_gt, due_date_lt, "
    "date_created_gt, date_created_lt, date_updated_gt, date_updated_lt, date_done_gt, "
    "date_done_lt";

class TaskQuery {
 public:
  /// Refuses values that are none of their kind: ITEMV2_003 for order_by, reverse and subtasks,
  /// INPUT_006 for dates, ITEM_155 for custom_fields.
  explicit TaskQuery(const Call& call);

  /// One page of what matches, newest first unless ordered or reversed. `candidates` are in order
  /// of creation.
  struct Page {
    std::vector<const Task*> tasks;
    bool last = true;
  };
  Page page_of(const std::vector<const Task*>& candidates) const;

  bool markdown() const { return markdown_; }

 private:
  struct DateRange {
    std::optional<Ms> Task::*optional_date = nullptr;
    Ms Task::*date = nullptr;
    std::optional<std::int64_t> after;
    std::optional<std::int64_t> before;
    bool matches(const Task& task) const;
  };
  bool matches(const Task& task) const;
  bool matches_lists(const Task& task) const;
  void sort(std::vector<const Task*>& tasks) const;
  void read_dates(const Call& call);

  World& world_;
  std::size_t page_ = 0;
  std::string order_by_;
  bool reverse_;
  bool subtasks_;
  bool include_closed_;
  bool archived_;
  bool markdown_;
  std::optional<std::string> parent_;
  std::vector<std::string> statuses_;
  std::vector<std::string> tags_;
  std::vector<std::string> assignees_;
  std::vector<std::string> watchers_;
  std::vector<std::string> types_;
  std::vector<std::string> space_ids_;
  std::vector<std::string> folder_ids_;
  std::vector<std::string> list_ids_;
  std::vector<DateRange> dates_;
  std::vector<FieldFilter> fields_;
};

}  // namespace engine::clickup::sandbox
