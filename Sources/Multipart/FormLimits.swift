/// How much of a form is read before it is refused. None of these concern the file, which is never held.
package struct FormLimits: Sendable, Hashable {
    /// Parts of a multipart body, or members of a JSON body.
    package var maxParts: Int
    /// Bytes of one part's header fields.
    package var maxHeaderBytes: Int
    /// Header fields of one part.
    package var maxHeaderFields: Int
    /// Bytes of all fields together: they are held until the form is known whole.
    package var maxFieldBytes: Int
    /// Bytes before the first boundary of a multipart body.
    package var maxPreambleBytes: Int
    /// How deep a JSON member may nest.
    package var maxDepth: Int

    package init(
        maxParts: Int = 1_000, maxHeaderBytes: Int = 16 << 10, maxHeaderFields: Int = 32,
        maxFieldBytes: Int = 1 << 20, maxPreambleBytes: Int = 16 << 10, maxDepth: Int = 128
    ) {
        self.maxParts = maxParts
        self.maxHeaderBytes = maxHeaderBytes
        self.maxHeaderFields = maxHeaderFields
        self.maxFieldBytes = maxFieldBytes
        self.maxPreambleBytes = maxPreambleBytes
        self.maxDepth = maxDepth
    }

    package static let standard = FormLimits()
}
