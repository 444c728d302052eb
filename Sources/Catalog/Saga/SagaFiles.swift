package import JSON

/// Which of the caller's files may go along with a call that takes files itself, and as what.
package enum SagaFiles {
    package struct Place: Sendable, Hashable {
        /// The file's place in the caller's list.
        package let item: Int
        /// What it goes as: `resume`, `other`.
        package let kind: String

        package init(item: Int, kind: String) {
            self.item = item
            self.kind = kind
        }
    }

    /// What a file goes as that has no kind, and one whose own kind has no room left.
    static let otherKind = "other"

    /// - Parameters:
    ///   - items: the caller's list of files, each with its `attachment_type`.
    ///   - room: how many files of each kind the call takes.
    /// - Returns: in the order of the list; what is left out goes by a call of its own.
    package static func along(_ items: [JSONValue], room: [String: Int]) -> [Place] {
        var left = room
        var places: [Place] = []
        for (at, item) in items.enumerated() {
            let asked = item["attachment_type"]?.string ?? otherKind
            guard let kind = [asked, otherKind].first(where: { left[$0, default: 0] > 0 }) else { continue }
            left[kind, default: 0] -= 1
            places.append(Place(item: at, kind: kind))
        }
        return places
    }
}
