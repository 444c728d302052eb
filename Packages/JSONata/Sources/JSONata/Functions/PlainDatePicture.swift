@_spi(Engine) import JSON

/// A date picture of nothing but zero-padded decimal components and literal text, as in `[Y0001]-[M01]-[D01]`: what
/// mappings mostly use, written without going through the general formatter.
struct PlainDatePicture: Sendable {
    private enum Part {
        case literal(UInt8)
        /// A component's letter and its number of digits.
        case component(UInt8, Int)
    }

    private let parts: [Part]
    let longest: Int

    /// nil for any other picture.
    init?(_ picture: String) {
        var parts: [Part] = []
        var longest = 0
        let bytes = Array(picture.utf8)
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            // Doubled brackets and what is not ASCII are left to the general formatter.
            guard byte < 0x80, byte != UInt8(ascii: "]") else { return nil }
            guard byte == UInt8(ascii: "[") else {
                parts.append(.literal(byte))
                longest += 1
                at += 1
                continue
            }
            guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let digits: Int
            switch String(decoding: bytes[(at + 1)..<end], as: UTF8.self) {
            case "Y0001": digits = 4
            case "M01", "D01", "H01", "m01", "s01": digits = 2
            case "f001": digits = 3
            default: return nil
            }
            parts.append(.component(bytes[at + 1], digits))
            longest += digits
            at = end + 1
        }
        self.parts = parts
        self.longest = longest
    }

    /// Writes a moment in UTC. False for years that do not have four digits.
    func write(_ millis: Int, to out: UnsafeMutablePointer<UInt8>) -> Bool {
        let dayLength = 86_400_000
        let days = CivilDate.floorDivide(millis, dayLength)
        let time = millis - days * dayLength
        let (year, month, day) = CivilDate.civil(days)
        guard year >= 1000, year <= 9999 else { return false }
        var at = 0
        for part in parts {
            switch part {
            case .literal(let byte):
                out[at] = byte
                at += 1
            case .component(let letter, let digits):
                var value =
                    switch letter {
                    case UInt8(ascii: "Y"): year
                    case UInt8(ascii: "M"): month
                    case UInt8(ascii: "D"): day
                    case UInt8(ascii: "H"): time / 3_600_000
                    case UInt8(ascii: "m"): time / 60_000 % 60
                    case UInt8(ascii: "s"): time / 1000 % 60
                    default: time % 1000
                    }
                for place in stride(from: at + digits - 1, through: at, by: -1) {
                    out[place] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
                    value /= 10
                }
                at += digits
            }
        }
        return true
    }
}
