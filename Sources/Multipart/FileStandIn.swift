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
        if trimmed.first == UInt8(ascii: "@"), trimmed.count > 1, isOneLine { return noBytes }
        if isAddress(trimmed), trimmed.allSatisfy({ !$0.isWhiteSpace }) { return address }
        return nil
    }

    /// The fault of a text that has turned out not to be base64, by its beginning.
    static func fault(beginning text: [UInt8]) -> FormError? {
        // `@cv.pdf` of a client that reads no files, `[object Object]` of one that takes the wrong thing for one.
        if text.first == UInt8(ascii: "@") || text.first == UInt8(ascii: "[") { return noBytes }
        return isAddress(text) || isAddress(text + "//".utf8) ? address : nil
    }

    private static func isAddress(_ text: [UInt8]) -> Bool {
        let scheme = text.prefix { $0 != ASCII.colon }.lowercasedToken
        return (scheme == "http" || scheme == "https") && text.dropFirst(scheme.utf8.count + 1).starts(with: "//".utf8)
    }

    private static let noBytes = FormError(
        .standInForFile, "\"file\" holds the text that a client writes when it has no file to send", part: "file")
    private static let address = FormError(.addressInFile, "\"file\" holds an address, not a file", part: "file")
}
