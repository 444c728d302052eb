/// From components to a moment.
extension DatePicture {
    /// The ways a date may be given, by the components each uses; the first that covers those present is taken.
    ///
    /// As in the reference, no time of day can follow a day of the year: the day of the month counts as left out.
    private static let dateShapes: [(components: String, order: String)] = [
        ("YMD", "YMD"), ("Yd", "YD"), ("Xxw", "XxwF"), ("XW", "XWF"),
    ]

    static func millis(_ found: [UInt8: Double], now: CivilDate) throws(JSONataError) -> Double {
        // As in the reference, a component that is 0 does not take part in recognising the shape.
        func isGiven(_ component: UInt8) -> Bool { found[component].map { $0 != 0 && !$0.isNaN } ?? false }
        let dates = "YXMxWwdD".utf8.filter(isGiven)
        let times = "PHhmsf".utf8.filter(isGiven)
        let shape =
            dates.isEmpty
            ? dateShapes[0]
            : dateShapes.first { shape in
                dates.allSatisfy(shape.components.utf8.contains)
            } ?? dateShapes[0]
        let halfDay = !times.isEmpty && !times.allSatisfy("Hmsf".utf8.contains) && times.allSatisfy("Phmsf".utf8.contains)
        let clock = halfDay ? "Phmsf" : "Hmsf"
        var values = found
        var started = false
        var ended = false
        for component in (shape.order + clock).utf8 {
            if found[component] != nil {
                started = true
                if ended { throw incomplete }
            } else if started {
                values[component] = "MDd".utf8.contains(component) ? 1 : 0
                ended = true
            } else {
                // As in the reference, the half of the day is not the present one.
                values[component] = component == UInt8(ascii: "P") ? 0 : Double(now.component(component))
            }
        }
        if shape.order.utf8.contains(UInt8(ascii: "X")) { throw incomplete }
        func value(_ letter: Unicode.Scalar) -> Double { values[UInt8(ascii: letter)] ?? 0 }
        var month = value("M") > 0 ? value("M") : 1
        var day = value("D")
        // JavaScript's `Date.UTC` takes years of two digits for ones of the last century.
        let year = (0..<100).contains(value("Y")) ? 1900 + value("Y") : value("Y")
        guard year.magnitude < 1e6, month < 1e6, value("d").magnitude < 1e8 else { return .nan }
        if shape.components == "Yd" {
            let first = CivilDate.days(year: Int(year), month: 1, day: 1)
            let date = CivilDate.civil(first + Int(value("d")) - 1)
            (month, day) = (Double(date.month), Double(date.day))
        }
        var hour = value("H")
        if halfDay { hour = (value("h") == 12 ? 0 : value("h")) + (value("P") == 1 ? 12 : 0) }
        let zone = value("Z") != 0 ? value("Z") : value("z")
        let days = Double(CivilDate.days(year: Int(year), month: Int(month), day: 1)) + day - 1
        let millis = days * 864e5 + hour * 36e5 + value("m") * 6e4 + value("s") * 1e3 + value("f")
        return millis.magnitude <= 8.64e15 ? millis - zone * 6e4 : .nan
    }

    private static var incomplete: JSONataError {
        JSONataError("D3136", "The date/time picture string is missing specifiers required to parse the timestamp")
    }
}
