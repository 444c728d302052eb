@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import ToolSupport

/// A folder of cases: `groups/GROUP/*.json` with the inputs they name in `datasets/`.
struct Suite {
    let folder: String
    private let datasets: [String: [UInt8]]

    init(folder: String) throws {
        self.folder = folder
        var datasets: [String: [UInt8]] = [:]
        for name in try Files.names(in: "\(folder)/datasets") where name.hasSuffix(".json") {
            datasets[String(name.dropLast(5))] = try Files.read("\(folder)/datasets/\(name)")
        }
        self.datasets = datasets
    }

    struct Outcome {
        var passed = 0
        var list: [String] = []
    }

    func run() throws -> Outcome {
        var outcome = Outcome()
        for group in try Files.names(in: "\(folder)/groups") {
            for file in try Files.names(in: "\(folder)/groups/\(group)") where file.hasSuffix(".json") {
                let path = "groups/\(group)/\(file)"
                let workspace = Workspace()
                let cases = workspace.items(try workspace.parse(try Files.read("\(folder)/\(path)")))
                for (at, item) in cases.enumerated() {
                    let title = cases.count > 1 ? "\(path)#\(at)" : path
                    if let reason = try Case(item.value, folder: "\(folder)/groups/\(group)").failure(datasets) {
                        outcome.list.append("\(title): \(reason)")
                    } else {
                        outcome.passed += 1
                    }
                }
            }
        }
        return outcome
    }
}
