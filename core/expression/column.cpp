#include "core/expression/column_data.h"

namespace engine::expression {

const Value& Column::at(std::size_t item) const {
  if (item >= data_->size) {
    throw Error(ErrorCause::bug, "no_such_item",
                "Item " + std::to_string(item) + " of a column of " + std::to_string(data_->size) +
                    " was asked for.");
  }
  if (const Error* failure = error(item)) throw Error(*failure);
  return data_->values[data_->uniform ? 0 : item];
}

const Error* Column::error(std::size_t item) const {
  const auto found = data_->errors.find(item);
  return found == data_->errors.end() ? nullptr : &found->second;
}

std::size_t Column::size() const {
  return data_->size;
}

}  // namespace engine::expression
