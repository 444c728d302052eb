package import NIOCore

/// What a `MultipartReader` finds, in the order of the body: `part`, any number of `data`, `partEnd`, the next `part`
/// …, `end`.
package enum MultipartEvent: Sendable, Hashable {
    case part(PartHeaders)
    /// Some of the part's bytes: a slice of what was appended, not a copy. Never empty.
    case data(ByteBuffer)
    case partEnd
    /// The closing boundary was read; whatever follows it is ignored (RFC 2046 §5.1.1).
    case end
}
