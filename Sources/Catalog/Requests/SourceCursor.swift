import Encodings
import JSON

/// The caller's `next_cursor`: which source of a list is being read, and where in it. Opaque to callers.
package struct SourceCursor: Sendable, Hashable {
    /// Of `PlannedCall.source`.
    package var source: String
    /// The provider's cursor; nil: that source's first page.
    package var cursor: String?
    /// Records of that page that an earlier response held, counted after the gateway's filters.
    package var skip = 0

    package init(source: String, cursor: String?) {
        self.source = source
        self.cursor = cursor
    }

    init(source: String, cursor: String?, skip: Int) {
        self.init(source: source, cursor: cursor)
        self.skip = skip
    }

    /// Reads a caller's cursor.
    ///
    /// - Throws: `badCursor`.
    package init(_ text: String) throws(CatalogError) {
        guard let bytes = Base64URL.bytes(text), let json = try? JSONValue.parse(bytes), let parts = json.array,
            (2...3).contains(parts.count), let source = parts[0].string
        else { throw .badCursor }
        self.init(source: source, cursor: parts[1].string)
        guard parts.count == 3 else { return }
        guard case .number(let number) = parts[2], let skip = Int(number.text), skip >= 0 else { throw .badCursor }
        self.skip = skip
    }

    /// URL-safe base64 without padding.
    package var text: String {
        var parts = [JSONValue.string(source), cursor.map { .string($0) } ?? .null]
        if skip > 0 { parts.append(.number(JSONNumber(skip))) }
        return Base64URL.text(JSONValue.array(parts).bytes())
    }

    /// Where a list goes on after a page of `call`, given the provider's next cursor; nil: the list ends.
    package static func next(after call: PlannedCall, cursor: String?, in calls: [PlannedCall]) -> SourceCursor? {
        if let cursor { return SourceCursor(source: call.source, cursor: cursor) }
        guard let at = calls.firstIndex(where: { $0.source == call.source }), at + 1 < calls.count else { return nil }
        return SourceCursor(source: calls[at + 1].source, cursor: nil)
    }
}
