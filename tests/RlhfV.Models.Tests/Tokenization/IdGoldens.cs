using System.Text.Json;

namespace RlhfV.Models.Tokenization.Tests;

/// <summary>A stored list of texts and the ids that the reference gives them.</summary>
internal sealed record IdGoldens(string Name, string Tokenizer, IReadOnlyList<IdGoldens.Row> Rows)
{
    public static IdGoldens Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        return new IdGoldens(
            Path.GetFileNameWithoutExtension(path),
            root.TryGetProperty("tokenizer", out JsonElement file) ? file.GetString()! : "",
            [.. root.GetProperty("rows").EnumerateArray().Select(Row.Read)]);
    }

    /// <summary>Throws with every row that differs.</summary>
    public void Check(TextTokenizer tokenizer)
    {
        var wrong = new List<string>();
        foreach (Row row in Rows)
        {
            Compare("ids", row.Ids, tokenizer.Encode(row.Text));
            Compare("ids without special tokens", row.IdsWithoutSpecial, tokenizer.Encode(row.Text, addSpecialTokens: false));
            CompareText("decoded", row.Decoded, tokenizer.Decode(row.IdsWithoutSpecial, skipSpecialTokens: false));
            CompareText("decoded without special tokens", row.DecodedSkipSpecial, tokenizer.Decode(row.IdsWithoutSpecial));

            void Compare(string what, int[] expected, IReadOnlyList<int> actual)
            {
                if (!expected.SequenceEqual(actual))
                    wrong.Add(
                        $"{what} of {JsonSerializer.Serialize(row.Text)}: expected {string.Join(' ', expected)}, "
                        + $"found {string.Join(' ', actual)}");
            }

            void CompareText(string what, string expected, string actual)
            {
                if (expected != actual)
                    wrong.Add(
                        $"{what} of {JsonSerializer.Serialize(row.Text)}: expected {JsonSerializer.Serialize(expected)}, "
                        + $"found {JsonSerializer.Serialize(actual)}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differences in {Name}:\n{string.Join('\n', wrong)}");
        Assert.NotEmpty(Rows);
    }

    internal sealed record Row(string Text, int[] Ids, int[] IdsWithoutSpecial, string Decoded, string DecodedSkipSpecial)
    {
        public static Row Read(JsonElement row)
        {
            string text = row.GetProperty("text").GetString()!;
            int[] ids = Numbers(row.GetProperty("ids"));
            JsonElement decoded = row.GetProperty("decoded");
            string all = decoded.ValueKind == JsonValueKind.True ? text : decoded.GetString()!;
            return new Row(
                text,
                ids,
                row.TryGetProperty("ids_without_special", out JsonElement without) ? Numbers(without) : ids,
                all,
                row.TryGetProperty("decoded_skip_special", out JsonElement skipped) ? skipped.GetString()! : all);
        }

        private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetInt32())];
    }
}
