// The head of package.yaml, the same for packages of every kind.
#pragma once

#include <string>

#include "core/base/diagnostic.h"
#include "core/value/located.h"

namespace engine::plugin {

struct Manifest {
  std::string name;  ///< [a-z][a-z0-9_]*; ids of its node types begin with it
  std::string title;
  std::string text;
  std::string version;
  std::string engine;   ///< the range of engines it is for; empty: any
  std::string library;  ///< file name of a native package; empty: the package is declared
  std::string file;     ///< as it is named in faults
  Located source;       ///< all of package.yaml, for keys of one kind of package
};

/// Notes what is wrong with the head: a missing or bad name or version, an engine that is too old
/// or too new. Other keys are left to who reads packages of that kind.
Manifest read_manifest(const Located& source, const std::string& file, Diagnostics& diagnostics);

}  // namespace engine::plugin
