// The commands for shells and manuals, told by the commands themselves.
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <sstream>

#include "core/cli/commands.h"
#include "core/cli/session.h"

namespace engine::cli {
namespace {

// Calls `visit(command, words)` for the program and every command, "executions list" as two words.
void walk(const CLI::App& command, const std::vector<std::string>& words,
          const std::function<void(const CLI::App&, const std::vector<std::string>&)>& visit) {
  visit(command, words);
  for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; })) {
    std::vector<std::string> longer = words;
    longer.push_back(each->get_name());
    walk(*each, longer, visit);
  }
}

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

// ---------------------------------------------------------------- bash

std::vector<std::string> next_words(const CLI::App& root, const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::App* each : command.get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back(each->get_name());
  }
  const auto add_options = [&](const CLI::App& of) {
    for (const CLI::Option* option : of.get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  };
  add_options(command);
  if (&root != &command) add_options(root);  // these go everywhere
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

void print_bash(const CLI::App& root) {
  std::ostringstream known;
  std::ostringstream words;
  walk(root, {}, [&](const CLI::App& command, const std::vector<std::string>& path) {
    const std::string place = joined(path, "/");
    if (!path.empty()) known << (known.tellp() > 0 ? "|" : "") << place;
    words << "    '" << place << "') words='" << joined(next_words(root, command), " ") << "' ;;\n";
  });
  std::cout << "# Completions of bash for engine; made by 'engine completions bash'.\n"
               "_engine() {\n"
               "  local place= word words i\n"
               "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
               "    word=${place:+$place/}${COMP_WORDS[i]}\n"
               "    case $word in\n"
               "    "
            << known.str()
            << ") place=$word ;;\n"
               "    esac\n"
               "  done\n"
               "  case $place in\n"
            << words.str()
            << "  esac\n"
               "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
               "}\n"
               "complete -o default -F _engine engine\n";
}

// ---------------------------------------------------------------- the manual page

// Text of a manual page: a backslash and a leading dot or quote mean something there.
std::string roff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

void print_options(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->get_lnames().empty()) continue;
    std::string head = "--" + joined(option->get_lnames(), ", --");
    const std::string type = option->get_type_name();
    if (option->get_items_expected_max() > 0 && !type.empty()) head += " " + type;
    std::cout << ".TP\n.B " << roff(head) << '\n' << roff(option->get_description()) << '\n';
  }
}

void print_manual(const CLI::App& root) {
  std::cout << ".TH ENGINE 1 \"\" \"engine " << ENGINE_VERSION << "\" \"User commands\"\n"
            << ".SH NAME\nengine \\- workflow automations in YAML files\n"
            << ".SH SYNOPSIS\n.B engine\n[options] command [arguments]\n"
            << ".SH DESCRIPTION\n"
            << roff(root.get_description()) << "\n.SH OPTIONS\n";
  print_options(root);
  std::cout << ".SH COMMANDS\n";
  walk(root, {}, [&](const CLI::App& command, const std::vector<std::string>& path) {
    if (path.empty()) return;
    std::cout << ".SS engine " << roff(joined(path, " "));
    for (const CLI::Option* option : command.get_options()) {
      if (option->get_positional()) std::cout << ' ' << roff(option->get_name(true));
    }
    std::cout << '\n' << roff(command.get_description()) << '\n';
    print_options(command);
    if (!command.get_footer().empty()) {
      std::cout << ".PP\n.nf\n" << roff(command.get_footer()) << "\n.fi\n";
    }
  });
  std::cout
      << ".SH FILES\n.TP\n.B $XDG_DATA_HOME/engine/engine.db\nThe database, unless $ENGINE_DB "
         "or \\-\\-db names another one.\n"
         ".SH EXIT STATUS\n0 done; 1 the execution failed; 2 wrong usage; 3 the workflow is "
         "invalid; 4 a credential or configuration problem; 130 interrupted.\n";
}

}  // namespace

void add_completions(CLI::App& app, Session& /*session*/) {
  CLI::App* completions = app.add_subcommand("completions", "Print the completions of a shell");
  const auto shell = std::make_shared<std::string>();
  completions->add_option("shell", *shell, "bash")->required()->check(CLI::IsMember({"bash"}));
  completions->footer(R"(Examples:
  engine completions bash > ~/.local/share/bash-completion/completions/engine
  source <(engine completions bash))");
  // `shell` has to live as long as its option.
  completions->callback([&app, shell] { print_bash(app); });
  CLI::App* manual = app.add_subcommand("man", "Print the manual page");
  manual->footer(R"(Examples:
  engine man > ~/.local/share/man/man1/engine.1
  engine man | man -l -)");
  manual->callback([&app] { print_manual(app); });
}

}  // namespace engine::cli
