import Encodings

/// File names from strangers.
package enum FileName {
    /// The name's bytes at most: what common file systems take.
    package static let maxBytes = 255

    /// A name safe to show, store and send on: the last component of a path (`/` or `\`), without control characters,
    /// line separators and bidirectional controls (which disguise `exe.pdf`), without blanks around it or dots and
    /// blanks at its end, no device name of Windows, at most 255 bytes of UTF-8 with the extension kept.
    ///
    /// - Returns: the name, or `fallback` where nothing is left of it.
    package static func sanitized(_ name: String, fallback: String = "file") -> String {
        if isPlain(name) { return isDevice(name) ? "_" + name : name }
        let component = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last ?? []
        var kept = String.UnicodeScalarView()
        for scalar in component where isHarmless(scalar) { kept.append(scalar) }
        var scalars = kept[...].drop { $0.properties.isWhitespace }
        while let last = scalars.last, last.properties.isWhitespace || last == "." { scalars.removeLast() }
        guard !scalars.isEmpty else { return fallback }
        let text = capped(String(String.UnicodeScalarView(scalars)))
        return isDevice(text) ? "_" + text : text
    }

    /// A name of harmless ASCII, as nearly all are, needs no closer look.
    private static func isPlain(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count < maxBytes else { return false }
        return first != ASCII.space && last != ASCII.space && last != UInt8(ascii: ".")
            && bytes.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "/") && $0 != ASCII.backslash }
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: false  // C0, DEL, C1
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false  // Bidi_Control
        case 0x200B, 0x2028, 0x2029, 0xFEFF: false  // invisible, or a line's end
        default: true
        }
    }

    /// `CON`, `nul.txt`, `COM1.pdf` …: Windows opens a device under these names, whatever the extension.
    private static func isDevice(_ name: String) -> Bool {
        let stem = name.utf8.prefix { $0 != UInt8(ascii: ".") }
        guard (3...4).contains(stem.count) else { return false }
        let upper = String(decoding: stem.map { $0.isAlphanumeric && $0 >= 0x61 ? $0 & 0xDF : $0 }, as: UTF8.self)
        if ["CON", "PRN", "AUX", "NUL"].contains(upper) { return true }
        return upper.count == 4 && (upper.hasPrefix("COM") || upper.hasPrefix("LPT"))
            && ("1"..."9").contains(upper.suffix(1))
    }

    private static func capped(_ name: String) -> String {
        guard name.utf8.count > maxBytes else { return name }
        var stem = name
        var ending = ""
        if let dot = name.lastIndex(of: "."), dot > name.startIndex, name[dot...].utf8.count <= 32 {
            stem = String(name[..<dot])
            ending = String(name[dot...])
        }
        // One byte is left for the `_` before a device name.
        return prefix(of: stem, bytes: maxBytes - 1 - ending.utf8.count) + ending
    }

    /// As many whole characters as fit; of a single character too long for that, as many scalars.
    private static func prefix(of text: String, bytes: Int) -> String {
        var out = ""
        for character in text {
            guard out.utf8.count + character.utf8.count <= bytes else { break }
            out.append(character)
        }
        guard out.isEmpty else { return out }
        for scalar in text.unicodeScalars {
            guard out.utf8.count + UTF8.width(scalar) <= bytes else { break }
            out.unicodeScalars.append(scalar)
        }
        return out
    }

    /// A name as a person would have typed it, whichever way its client encoded it: encoded words (RFC 2047), or
    /// percent-encoding of the whole name (RFC 7578 §4.2). Nil where it is neither.
    static func decoded(_ name: String) -> String? { EncodedWords.decoded(name) ?? percentDecoded(name) }

    /// Nil unless all of the name is fit for a URI and holds an escape, and what comes of it is UTF-8 with a blank or a
    /// character beyond ASCII. So `100%25.pdf` stays what it is: nobody can tell how it was meant.
    private static func percentDecoded(_ name: String) -> String? {
        let extra: StaticString = "-._~%!$&'()*+,;=:@"
        guard name.utf8.contains(ASCII.percent),
            name.utf8.allSatisfy({ byte in byte.isAlphanumeric || extra.withUTF8Buffer { $0.contains(byte) } }),
            let bytes = PercentEncoding.bytes(name.utf8), let text = String(validating: bytes, as: UTF8.self),
            text.utf8.contains(where: { $0 == ASCII.space || $0 >= 0x80 })
        else { return nil }
        return text
    }
}
