/// What a token may do: `MODEL:METHOD` or `MODEL/RESOURCE:METHOD`, where each of the three may be `*`.
///
/// A token without scopes may do everything. Examples: `ats:*`, `ats/attachments:create`, `*:list`.
package struct TokenScope: Sendable, Hashable, CustomStringConvertible {
    package let model: String
    /// Nil for every resource.
    package let resource: String?
    package let method: String

    /// Nil where the text is not of that form.
    package init?(_ text: String) {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard halves.count == 2 else { return nil }
        let place = halves[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(place.count), (place + [halves[1]]).allSatisfy(Self.isName) else { return nil }
        model = place[0]
        resource = place.count == 2 ? place[1] : nil
        method = halves[1]
    }

    package var description: String { model + (resource.map { "/\($0)" } ?? "") + ":\(method)" }

    package func allows(model: String, resource: String, method: String) -> Bool {
        func matches(_ pattern: String, _ name: String) -> Bool { pattern == "*" || pattern == name }
        return matches(self.model, model) && matches(self.resource ?? "*", resource) && matches(self.method, method)
    }

    private static func isName(_ text: String) -> Bool {
        text == "*"
            || !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
    }
}
