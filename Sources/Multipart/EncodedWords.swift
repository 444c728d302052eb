import Encodings
import NIOCore

/// Text with encoded words in it, `=?utf-8?B?…?=` (RFC 2047).
///
/// RFC 7578 has no place for them, and mail-minded clients write names so all the same.
enum EncodedWords {
    /// The text with its encoded words decoded; nil where it holds none that can be read.
    static func decoded(_ text: String) -> String? {
        // Most names: the search for a text costs more than the rest of the header.
        guard text.utf8.contains(ASCII.equals), text.contains("=?") else { return nil }
        var out = ""
        var rest = text[...]
        /// Words of one charset that stand side by side: a character may be cut in two between them.
        var run: (charset: String, bytes: [UInt8])?
        var found = false
        func endRun() {
            guard let (charset, bytes) = run else { return }
            out += Charset(charset)?.decoded(bytes) ?? Charset.readable(bytes)
            run = nil
        }
        while let start = rest.firstRange(of: "=?") {
            let between = rest[..<start.lowerBound]
            guard let word = Word(rest[start.lowerBound...]) else {
                endRun()
                out += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                continue
            }
            // White space between two words is no part of the text (RFC 2047 §6.2).
            if run == nil || !between.allSatisfy({ $0 == " " || $0 == "\t" }) {
                endRun()
                out += between
            }
            if let open = run, open.charset == word.charset {
                run = (open.charset, open.bytes + word.bytes)
            } else {
                endRun()
                run = (word.charset, word.bytes)
            }
            found = true
            rest = rest[word.end...]
        }
        endRun()
        return found ? out + rest : nil
    }

    /// One encoded word at the start of a text.
    private struct Word {
        let charset: String
        let bytes: [UInt8]
        let end: String.Index

        init?(_ text: Substring) {
            let pieces = text.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
            guard pieces.count == 4, !pieces[0].isEmpty, pieces[3].hasPrefix("="), pieces[1].count == 1 else { return nil }
            // A language may follow the charset (RFC 2231 §5).
            charset = pieces[0].prefix { $0 != "*" }.lowercased()
            switch pieces[1].lowercased() {
            case "b":
                guard let decoded = Self.base64(pieces[2]) else { return nil }
                bytes = decoded
            case "q":
                let marked = pieces[2].utf8.map { $0 == UInt8(ascii: "=") ? ASCII.percent : $0 == UInt8(ascii: "_") ? ASCII.space : $0 }
                guard !pieces[2].utf8.contains(ASCII.percent), let decoded = PercentEncoding.bytes(marked) else { return nil }
                bytes = decoded
            default: return nil
            }
            end = text.index(after: pieces[3].startIndex)
        }

        private static func base64(_ text: Substring) -> [UInt8]? {
            var decoder = Base64Decoder()
            var out = ByteBuffer()
            let bytes = Array(text.utf8)
            let taken = bytes.withUnsafeBytes { decoder.consume($0, into: &out) }
            guard taken == bytes.count, decoder.finish(into: &out) else { return nil }
            return Array(out.readableBytesView)
        }
    }
}
