/// What a `Range` field asks for of a file (RFC 9110 §14.2).
enum ByteRange: Hashable {
    /// Everything: no range, several of them, another unit, or a file whose length is not known. A server may ignore the field.
    case whole
    case part(Range<Int64>, of: Int64)
    case unsatisfiable(length: Int64)

    init(_ field: String?, length: Int64?) {
        self = .whole
        guard let field, let length, field.lowercased().hasPrefix("bytes=") else { return }
        let ends = field.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, !field.contains(",") else { return }
        let texts = ends.map { $0.filter { $0 != " " } }
        guard texts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return }
        switch (Int64(texts[0]), Int64(texts[1])) {
        case (nil, let count?) where texts[0].isEmpty:
            self = count > 0 && length > 0 ? .part(max(0, length - count)..<length, of: length) : .unsatisfiable(length: length)
        case (let first?, nil) where texts[1].isEmpty:
            self = first < length ? .part(first..<length, of: length) : .unsatisfiable(length: length)
        case (let first?, let last?) where first <= last:
            self = first < length ? .part(first..<(min(last, length - 1) + 1), of: length) : .unsatisfiable(length: length)
        default: return
        }
    }
}
