import ArgumentParser
import JSON

/// `attache config`: the settings.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Look at the settings.", subcommands: [Show.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every setting, its value and where that comes from.",
            discussion: """
                Takes the flags of 'serve'. Secrets are not shown. Those with reload 'yes' follow SIGHUP, the others need a \
                restart. 'attache doctor' says whether the values are good.
                """
        )

        @OptionGroup var options: ServeOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let settings = try options.settings()
            for variable in settings.unknownVariables { Console.error("attache: \(variable.description)") }
            let records = EffectiveSetting.all(settings, options).map(Self.record)
            let shown = printing.json ? records : records.map(Self.row)
            printing.list(shown, columns: ["setting", "value", "origin", "reload"])
        }

        static func record(_ effective: EffectiveSetting) -> JSONObject {
            let texts = effective.visibleTexts
            let value: JSONValue = texts.count > 1 ? .array(texts.map(JSONValue.string)) : texts.first.map(JSONValue.string) ?? .null
            return [
                "setting": .string(effective.setting.name), "value": value,
                "origin": .string(effective.origin.description), "reload": .bool(effective.setting.isReloadable),
            ]
        }

        private static func row(_ record: JSONObject) -> JSONObject {
            var row = record
            if let several = record["value"]?.array {
                row["value"] = .string(several.compactMap(\.string).joined(separator: ", "))
            }
            row["reload"] = record["reload"] == true ? "yes" : "no"
            return row
        }
    }
}
