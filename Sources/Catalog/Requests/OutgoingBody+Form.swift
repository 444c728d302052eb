extension OutgoingBody {
    /// Pairs as `application/x-www-form-urlencoded` text (WHATWG URL §5.2).
    package static func formText(_ pairs: [(name: String, value: String)]) -> String { QueryString.encode(pairs) }
}
