/// A run of code units as WTF-8 bytes, with what to set in a subject's byte before comparing.
struct RegexLiteral: Sendable {
    var bytes: [UInt8] = []
    /// 0x20 where the byte is an ASCII letter whose case does not matter, 0 elsewhere.
    var masks: [UInt8] = []

    init(_ units: [UInt16], _ flags: RegexFlags) {
        for unit in units {
            if unit < 0x80 {
                let lower = UInt8(unit) | 0x20
                let folds = flags.ignoresCase && lower >= 0x61 && lower <= 0x7A
                bytes.append(folds ? lower : UInt8(unit))
                masks.append(folds ? 0x20 : 0)
            } else {
                RegexSubject.append(unit, to: &bytes)
                while masks.count < bytes.count { masks.append(0) }
            }
        }
    }

    var isFolded: Bool { masks.contains { $0 != 0 } }
}
