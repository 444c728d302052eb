/// Currencies and the digits of their minor units (ISO 4217).
enum Currency {
    private static let whole: Set<String> = codes(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")
    private static let three: Set<String> = codes("BHD IQD JOD KWD LYD OMR TND")
    private static let four: Set<String> = codes("CLF UYW")
    private static let two: Set<String> = codes(
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
        CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF
        IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV
        MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD
        SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VEF VES WST XCD XCG YER ZAR ZMW ZWG ZWL
        """)

    private static func codes(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    /// Digits after the point; nil for a code that is not known. Codes are in capitals.
    static func digits(_ code: String) -> Int? {
        two.contains(code) ? 2 : whole.contains(code) ? 0 : three.contains(code) ? 3 : four.contains(code) ? 4 : nil
    }

    /// `value` with exactly `digits` after the point, as JavaScript's `toFixed` rounds: by the double's exact value.
    static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return value.isNaN ? "NaN" : "\(value)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let magnitude = value.magnitude
        let product = magnitude * scale
        // What the product lost by rounding decides between two neighbours that look equally near.
        let lost = (-product).addingProduct(magnitude, scale)
        var whole = product.rounded(.down)
        if product - whole - 0.5 + lost >= 0 { whole += 1 }
        let text = DateTime.padded(Int(whole), digits + 1)
        let sign = value < 0 ? "-" : ""
        return digits == 0 ? sign + text : sign + text.dropLast(digits) + "." + text.suffix(digits)
    }
}
