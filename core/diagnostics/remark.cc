#include "core/diagnostics/remark.h"

#include "core/diagnostics/render.h"

namespace lockstep::diagnostics {

std::string RenderRemarks(const Sources& sources, std::span<const Remark> remarks,
                          std::string_view word) {
  std::string out;
  for (const Remark& remark : remarks) {
    out.append(RenderPlace(sources[remark.place.source], remark.place.span)).append(": ");
    out.append(word).append(": ").append(remark.message).append("\n");
  }
  return out;
}

void WriteRemarks(base::JsonWriter& writer, const Sources& sources,
                  std::span<const Remark> remarks) {
  writer.BeginArray();
  for (const Remark& remark : remarks) {
    const Source& source = sources[remark.place.source];
    writer.BeginObject().Member("file", source.name()).Member("message", remark.message);
    writer.Member("pointer", remark.pointer);
    WriteRange(writer, source, remark.place.span);
    writer.EndObject();
  }
  writer.EndArray();
}

}  // namespace lockstep::diagnostics
