/// Texts that stand where a file should be: what clients write that have no bytes, and addresses.
enum FileStandIn {
    /// What JavaScript, Python and others make of a value that is not there, or that they cannot send.
    private static let words: Set<String> = [
        "undefined", "null", "NULL", "None", "nil", "NaN", "true", "false", "True", "False", "[object Object]",
        "[object File]", "[object Blob]", "[object FileList]", "[object HTMLInputElement]",
    ]

    /// The longest text that is looked at.
    static let longest = 2048

    /// The fault of a text that is known whole; nil where it may be a file.
    static func fault(_ text: some BidirectionalCollection<UInt8>) -> FormError? {
        let trimmed = Array(text.trimmed)
        guard trimmed.count <= longest else { return nil }
        if words.contains(String(decoding: trimmed, as: UTF8.self)) { return noBytes }
        let isOneLine = !trimmed.contains { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }
        guard isOneLine else { return nil }
        if trimmed.first == UInt8(ascii: "@"), trimmed.count > 1 { return noBytes }
        if isPath(trimmed) || isName(trimmed) { return noBytes }
        return trimmed.contains(where: \.isWhiteSpace) ? nil : addressFault(trimmed)
    }

    /// The fault of a text that has turned out not to be base64, by its beginning.
    static func fault(beginning text: [UInt8]) -> FormError? {
        // `@cv.pdf` of a client that reads no files, `[object Object]` of one that takes the wrong thing for one.
        if text.first == UInt8(ascii: "@") || text.first == UInt8(ascii: "[") { return noBytes }
        return addressFault(text) ?? addressFault(text + "//".utf8)
    }

    /// Addresses that `file_url` takes, and those of things on the client's own machine or that nobody fetches.
    private static func addressFault(_ text: [UInt8]) -> FormError? {
        let scheme = text.prefix { $0 != ASCII.colon }.lowercasedToken
        let rest = text.dropFirst(scheme.utf8.count)
        if scheme == "blob", rest.first == ASCII.colon { return noBytes }
        guard rest.starts(with: "://".utf8) else { return nil }
        switch scheme {
        case "http", "https": return address
        case "file", "content", "ftp": return noBytes
        default: return nil
        }
    }

    /// Whether the text is the path of a file with an extension: `/tmp/cv.pdf`, `~/cv.pdf`, `C:\fakepath\cv.pdf`.
    private static func isPath(_ text: [UInt8]) -> Bool {
        let isRooted =
            ["/", "./", "../", "~/", "\\\\"].contains { text.starts(with: $0.utf8) }
            || text.count > 2 && text[1] == ASCII.colon && isSeparator(text[2])
        guard isRooted, let name = text.split(whereSeparator: isSeparator).last else { return false }
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return (1...5).contains(name.distance(from: dot, to: name.endIndex) - 1)
    }

    /// Whether the text is the name of a document: `cv.pdf`, as of `curl -F file=cv.pdf` without the `@`.
    private static func isName(_ text: [UInt8]) -> Bool {
        guard text.count <= 255, !text.contains(where: isSeparator), let dot = text.lastIndex(of: UInt8(ascii: ".")), dot > 0 else {
            return false
        }
        return documents.contains(text[(dot + 1)...].lowercasedToken)
    }

    private static let documents: Set<String> = [
        "pdf", "doc", "docx", "odt", "rtf", "txt", "md", "html", "pages", "png", "jpg", "jpeg", "gif", "tiff", "zip",
    ]

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }

    private static let noBytes = FormError(
        .standInForFile, "\"file\" holds the text that a client writes when it has no file to send", part: "file")
    private static let address = FormError(.addressInFile, "\"file\" holds an address, not a file", part: "file")
}
