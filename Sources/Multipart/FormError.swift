/// Why a form body, its headers or a query string cannot be read: what is wrong, in words for the one who sent it.
package struct FormError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is; stable, for tests and for choosing a status.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String
        private init(_ description: String) { self.description = description }

        /// The content type announces no boundary, or one that RFC 2046 §5.1.1 does not allow.
        package static let invalidBoundary = Code("invalid_boundary")
        /// The body never shows the boundary that its content type announces.
        package static let boundaryNotFound = Code("boundary_not_found")
        /// The line of a boundary holds something else too.
        package static let malformedBoundaryLine = Code("malformed_boundary_line")
        /// A line ends in LF or CR alone where CRLF is the rule.
        package static let bareLineBreak = Code("bare_line_break")
        /// The header fields of a part break the grammar.
        package static let malformedHead = Code("malformed_head")
        /// A part has no `Content-Disposition: form-data` with a name.
        package static let unnamedPart = Code("unnamed_part")
        /// A part is base64 or quoted-printable, which RFC 7578 §4.7 took out of use.
        package static let transferEncoding = Code("transfer_encoding")
        /// The body ends before its end.
        package static let truncated = Code("truncated")
        /// The body is not JSON (RFC 8259).
        package static let notJSON = Code("not_json")
        /// The body is JSON, but not an object.
        package static let notAnObject = Code("not_an_object")
        /// The member `file` stands there more than once.
        package static let duplicateFile = Code("duplicate_file")
        /// The member `file` is a string, but neither base64 nor a `data:` URI.
        package static let undecodableFile = Code("undecodable_file")
        /// `file` is a text that clients send when they have no bytes, such as `undefined`.
        package static let standInForFile = Code("stand_in_for_file")
        /// `file` is an address, which belongs into `file_url`.
        package static let addressInFile = Code("address_in_file")
        /// A text without a file name that is no JSON: it may be a file, or a body that went wrong.
        package static let ambiguousText = Code("ambiguous_text")
        /// A multipart body of another kind than `form-data`, with a part that has no name.
        package static let notAForm = Code("not_a_form")
        /// The quotes around a file's name cannot be distinguished from those in it.
        package static let unreadableName = Code("unreadable_name")
        /// A text that should be base64 (RFC 4648) is not.
        package static let invalidBase64 = Code("invalid_base64")
        /// More parts, members or parameters than allowed.
        package static let tooMany = Code("too_many")
        /// A head, a field or the preamble is longer than allowed.
        package static let tooLarge = Code("too_large")
        /// Names nest deeper than allowed.
        package static let tooDeep = Code("too_deep")
    }

    package var code: Code
    /// One sentence without a full stop.
    package var message: String
    /// The part or member at fault, where there is one and its name is known.
    package var part: String?
    /// Bytes before the fault, where that helps.
    package var offset: Int?

    package init(_ code: Code, _ message: String, part: String? = nil, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.part = part
        self.offset = offset
    }

    package var description: String { message }
}
