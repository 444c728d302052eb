import Encodings

/// A header value with parameters: `value; name=token; name="quoted"` (RFC 9110 §5.6.6).
struct HeaderValue {
    var value: String
    private var parameters: [(name: String, value: String)] = []

    init(_ text: String) {
        var rest = Substring(text)
        value = Self.trim(rest.prefix { $0 != ";" })
        rest = rest.drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" || $0 == ";" }
            let name = Self.trim(rest.prefix { $0 != "=" && $0 != ";" }).lowercased()
            rest = rest.drop { $0 != "=" && $0 != ";" }
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            if rest.first == "\"" {
                let (quoted, after) = Self.quoted(rest.dropFirst())
                parameters.append((name, quoted))
                rest = after.drop { $0 != ";" }
            } else {
                parameters.append((name, Self.trim(rest.prefix { $0 != ";" })))
                rest = rest.drop { $0 != ";" }
            }
        }
    }

    /// The first parameter of that name (lower case).
    subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The text up to the closing quote, and what follows it. Only `\"` and `\\` are quoted-pairs here,
    /// because browsers of old sent Windows paths with plain backslashes.
    private static func quoted(_ text: Substring) -> (String, Substring) {
        var out = ""
        var at = text.startIndex
        while at < text.endIndex, text[at] != "\"" {
            let next = text.index(after: at)
            if text[at] == "\\", next < text.endIndex, text[next] == "\"" || text[next] == "\\" {
                out.append(text[next])
                at = text.index(after: next)
            } else {
                out.append(text[at])
                at = next
            }
        }
        return (out, text[at...].dropFirst())
    }

    /// An extended value of RFC 8187, `UTF-8''percent-encoded`; nil for another charset.
    static func extended(_ text: String) -> String? {
        let pieces = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, pieces[0].lowercased() == "utf-8" else { return nil }
        return PercentEncoding.decodedLeniently(pieces[2], plusIsSpace: false)
    }

    static func trim(_ text: some StringProtocol) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        var end = start[...]
        while let last = end.last, last == " " || last == "\t" { end = end.dropLast() }
        return String(end)
    }
}
