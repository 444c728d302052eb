/// A scripted behaviour: which requests, how often, and what happens to them.
struct BehaviourRule: Sendable {
    var id = 0
    /// Any method when nil.
    var method: String?
    /// A prefix, or with `*` (within one segment) and `**` (across segments) a pattern of the whole path.
    var path: String?
    /// Until it is deleted when nil.
    var remaining: Int?
    var action: BehaviourAction

    func matches(method: String, path: String) -> Bool {
        if let wanted = self.method, wanted.uppercased() != method { return false }
        guard let pattern = self.path else { return true }
        guard pattern.contains("*") else { return path.hasPrefix(pattern) }
        return Self.glob(pattern.utf8[...], path.utf8[...])
    }

    private static func glob(_ pattern: Substring.UTF8View, _ text: Substring.UTF8View) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        guard first == UInt8(ascii: "*") else {
            return text.first == first && glob(rest, text.dropFirst())
        }
        let crosses = rest.first == UInt8(ascii: "*")
        let after = crosses ? rest.dropFirst() : rest
        var tail = text
        while true {
            if glob(after, tail) { return true }
            guard let byte = tail.first, crosses || byte != UInt8(ascii: "/") else { return false }
            tail = tail.dropFirst()
        }
    }
}
