using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>One object of a file of records.</summary>
/// <param name="Value">The object; undefined where the file has none and places are kept.</param>
/// <param name="Place">Where it stands, for example <c>answers.jsonl:12</c>.</param>
internal readonly record struct JsonRecord(JsonElement Value, string Place);
