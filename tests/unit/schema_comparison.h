// Compares field tables with a JSON Schema: the two describe one format and must not drift.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/json/proto_json.h"
#include "tests/unit/document_fixture.h"

namespace lockstep {

inline std::string ReadProjectFile(const std::string& path) {
  std::ifstream file(std::string(LOCKSTEP_SOURCE_DIR) + "/" + path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::string SnakeCase(std::string_view camel) {
  std::string snake;
  for (const char c : camel) {
    if (c >= 'A' && c <= 'Z') {
      snake += '_';
      snake += static_cast<char>(c - 'A' + 'a');
    } else {
      snake += c;
    }
  }
  return snake;
}

/// `definition_of`: title of a table -> name under "definitions", "" for the root.
inline void ExpectTablesMatchSchema(const std::vector<json::MessageFields>& tables,
                                    const std::string& path,
                                    const std::map<std::string, std::string>& definition_of,
                                    std::set<std::string> definitions_without_table) {
  ParsedText schema(ReadProjectFile(path));
  ASSERT_TRUE(schema.document);
  const json::Value root = schema.document->root();
  std::set<std::string> described = std::move(definitions_without_table);
  for (const json::MessageFields& table : tables) {
    SCOPED_TRACE(std::string(table.title));
    const auto definition = definition_of.find(std::string(table.title));
    ASSERT_NE(definition, definition_of.end()) << "a table that the test does not know";
    std::optional<json::Value> object = root;
    if (!definition->second.empty()) object = root.Find("definitions")->Find(definition->second);
    ASSERT_TRUE(object) << "no definition " << definition->second;
    described.insert(definition->second);
    std::set<std::string> in_schema, in_table;
    for (const json::Member& property : object->Find("properties")->members()) {
      if (property.key == "$schema") continue;
      in_schema.insert(std::string(property.key));
      if (property.value.Find("$ref")) continue;
      EXPECT_TRUE(property.value.Find("description"))
          << property.key << " has nothing to show on hover";
    }
    for (const json::FieldName& field : table.fields) {
      EXPECT_EQ(SnakeCase(field.json_name), field.proto_name);
      in_table.insert(std::string(field.json_name));
      in_table.insert(std::string(field.proto_name));
    }
    EXPECT_EQ(in_table, in_schema);
    EXPECT_FALSE(object->Find("additionalProperties")->AsBool());
  }
  for (const json::Member& definition : root.Find("definitions")->members()) {
    EXPECT_TRUE(described.count(std::string(definition.key)))
        << definition.key << " belongs to no table";
  }
}

}  // namespace lockstep
