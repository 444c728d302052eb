/// The trace that a request belongs to, as `traceparent` names it (W3C Trace Context, level 1, §3.2).
package struct TraceContext: Sendable, Hashable {
    /// 32 hexadecimal digits in lower case, not all 0.
    package var traceID: String
    /// 16 hexadecimal digits in lower case, not all 0: the caller's span.
    package var parentID: String
    package var isSampled: Bool

    package init(traceID: String, parentID: String, isSampled: Bool) {
        self.traceID = traceID
        self.parentID = parentID
        self.isSampled = isSampled
    }

    /// Reads `00-TRACE-PARENT-FLAGS`. Nil for what is no such text: the field is then as good as absent (§4.3).
    ///
    /// A later version may have more behind the flags, and is read as this one (§3.2.4); `ff` is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, let version = Self.hex(parts[0], 2), version != "ff",
            version != "00" || parts.count == 4, let trace = Self.hex(parts[1], 32), let parent = Self.hex(parts[2], 16),
            let flags = Self.hex(parts[3], 2).flatMap({ UInt8($0, radix: 16) }),
            trace.contains(where: { $0 != "0" }), parent.contains(where: { $0 != "0" })
        else { return nil }
        self.init(traceID: trace, parentID: parent, isSampled: flags & 1 == 1)
    }

    /// `00-TRACE-PARENT-FLAGS`.
    package var text: String { "00-\(traceID)-\(parentID)-\(isSampled ? "01" : "00")" }

    private static func hex(_ part: Substring, _ count: Int) -> String? {
        let digits = part.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return digits && part.utf8.count == count ? String(part) : nil
    }
}
