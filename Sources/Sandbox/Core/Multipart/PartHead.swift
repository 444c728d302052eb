/// The header block of one form part.
struct PartHead: Sendable {
    var name: String
    /// As a server would read it: quoted-pairs undone, `filename*` (RFC 8187) winning.
    var filename: String?
    var contentType: String?
    /// Every header of the part as it came, names in lower case.
    var fields: [(name: String, value: String)] = []

    init?(_ block: String) {
        for line in block.split(separator: "\r\n") {
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let name = line[..<colon].lowercased()
            fields.append((name, HeaderValue.trim(line[line.utf8.index(after: colon)...])))
        }
        guard let text = fields.first(where: { $0.name == "content-disposition" })?.value else { return nil }
        let disposition = HeaderValue(text)
        guard disposition.value.lowercased() == "form-data", let name = disposition["name"] else { return nil }
        self.name = name
        filename = disposition["filename*"].flatMap(HeaderValue.extended) ?? disposition["filename"]
        contentType = fields.first { $0.name == "content-type" }?.value
    }
}
