import OrketCore
import Yams

extension FixtureDecoder {
    private static let maximumCheckerBytes = 4 << 20

    mutating func checkBody(_ fields: inout YAMLFields, source: InputFile?) -> CheckBody? {
        let checker = fields.fileBytes("checker", maximumBytes: Self.maximumCheckerBytes, directory: directory)
        if let checker, String(validating: checker.bytes, as: UTF8.self) == nil {
            fields.note("'checker' is no valid UTF-8", at: fields.mark("checker"))
        }
        let style = fields.choice("style", CheckBody.Style.self)
        let function = fields.has("function") ? fields.text("function") : "check"
        let entries = fields.has("entries") ? fields.arguments("entries") : []
        for entry in entries ?? [] where !Self.isDottedName(entry) || entry.contains(".") {
            fields.note("an element of 'entries' is no name: '\(entry.jsonEscaped)'", at: fields.mark("entries"))
        }
        if style == .function, entries?.isEmpty ?? false {
            fields.note("'entries' must name what the checker's function takes", at: fields.mark("style"))
        }
        let own = source.map { FunctionVerifier.moduleName($0.path) }
        let module = fields.has("module") ? fields.text("module") : own
        let isHidden = fields.has("hidden") ? fields.flag("hidden") : false
        guard let checker, let style, let function, let entries, let module, let isHidden else { return nil }
        return CheckBody(
            source: checker.bytes, style: style, function: function, entries: entries, module: module,
            isHidden: isHidden, line: fields.mark("checker")?.line ?? 1)
    }
}
