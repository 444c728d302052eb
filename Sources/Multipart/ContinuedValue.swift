import Encodings

/// A parameter that comes in pieces, `filename*0*`, `filename*1` … (RFC 2231 §3).
enum ContinuedValue {
    /// The joined text; what can be read of it where its charset is unknown. Nil where there is no first piece.
    static func decoded(_ name: String, in header: HeaderParameters) -> String? {
        var bytes: [UInt8] = []
        var charset: Charset?
        var number = 0
        while true {
            if let encoded = header["\(name)*\(number)*"] {
                let pieces = encoded.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
                let isFirst = number == 0 && pieces.count == 3
                if isFirst { charset = Charset(pieces[0]) }
                let text = isFirst ? pieces[2] : encoded[...]
                bytes += PercentEncoding.bytes(text.utf8) ?? Array(text.utf8)
            } else if let plain = header["\(name)*\(number)"] {
                if number == 0 { charset = .utf8 }
                bytes += plain.utf8
            } else {
                break
            }
            number += 1
        }
        guard number > 0 else { return nil }
        return charset?.decoded(bytes) ?? Charset.readable(bytes)
    }
}
