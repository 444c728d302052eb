/// The head of one part of a form.
package struct PartHeaders: Sendable, Hashable {
    /// One header field.
    package struct Field: Sendable, Hashable {
        /// In lower case.
        package let name: String
        package let value: String
    }

    /// The form field's name, decoded.
    package let name: String
    /// The file's name as it was sent, decoded but not made safe: see `FileName.sanitized`. Nil where there is none,
    /// empty where a browser's file input was left empty.
    package let filename: String?
    /// The part's `Content-Type` as it was sent.
    package let contentType: String?
    /// All header fields of the part, in order.
    package let fields: [Field]

    /// The value of a header field; `name` in lower case.
    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
}

extension PartHeaders {
    /// Reads the lines from behind a boundary to the blank line, that included.
    ///
    /// - Parameters:
    ///   - number: counts the parts from 1, for the message.
    ///   - allowsUnnamed: whether a part may do without a name, as inside `multipart/mixed`; its name is then empty.
    init(lines: [UInt8], number: Int, limits: FormLimits, allowsUnnamed: Bool = false) throws(FormError) {
        let fields = try Self.fields(in: lines, number: number, limits: limits)
        func single(_ name: String) throws(FormError) -> String? {
            var found: String?
            for field in fields where field.name == name {
                guard found == nil else {
                    throw FormError(.malformedHead, "part \(number) has two \(name) header fields")
                }
                found = field.value
            }
            return found
        }
        let disposition = try single("content-disposition")
        let contentType = try single("content-type")
        let encoding = try single("content-transfer-encoding")

        let parsed = disposition.flatMap(ContentDisposition.init(parsing:))
        // Without its name and its quotes the part would pass for another one.
        if parsed == nil, let disposition, disposition.lowercased().contains("filename") {
            throw FormError(.unreadableName, "the quotes of the file name in part \(number) cannot be read")
        }
        let name = parsed?.type == "form-data" ? parsed?.name : nil
        guard allowsUnnamed || name != nil else {
            throw FormError(
                .unnamedPart, "part \(number) needs a header field Content-Disposition: form-data; name=\"…\""
            )
        }
        self.name = name ?? ""
        self.fields = fields
        self.contentType = contentType
        filename = parsed?.filename
        // Taken as it is, an encoded part would store base64 text as the file; RFC 7578 §4.7 has no receiver decode it.
        if let encoding, !["7bit", "8bit", "binary"].contains(encoding.lowercased()) {
            throw FormError(
                .transferEncoding,
                "part \"\(self.name)\" has Content-Transfer-Encoding \(encoding); send its bytes as they are",
                part: self.name
            )
        }
    }

    private static func fields(in bytes: [UInt8], number: Int, limits: FormLimits) throws(FormError) -> [Field] {
        var fields: [Field] = []
        var rest = bytes.dropLast(2)  // the blank line
        while !rest.isEmpty {
            let line = nextLine(&rest)
            guard let colon = line.firstIndex(of: ASCII.colon), colon > line.startIndex,
                line[..<colon].allSatisfy(\.isTokenCharacter), !line.contains(0)
            else { throw FormError(.malformedHead, "part \(number) has a malformed header field") }
            guard fields.count < limits.maxHeaderFields else {
                throw FormError(.tooMany, "part \(number) has more than \(limits.maxHeaderFields) header fields")
            }
            fields.append(Field(name: line[..<colon].lowercasedToken, value: line[(colon + 1)...].trimmed.headerText))
        }
        return fields
    }

    /// Takes a line with those that continue it (RFC 5322 §2.2.3).
    private static func nextLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = rest[rest.startIndex..<rest.startIndex]
        repeat {
            let end = rest.firstIndex(of: ASCII.lineFeed) ?? rest.endIndex
            let piece = rest[..<end].last == ASCII.carriageReturn ? rest[..<(end - 1)] : rest[..<end]
            if line.isEmpty { line = piece } else { line += piece }
            rest = rest[end...].dropFirst()
        } while rest.first?.isBlank == true
        return line
    }
}
