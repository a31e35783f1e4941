using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Prompting.Tests;

namespace RlhfV.Models.Tokenization.Tests;

/// <summary>
/// Prompts and training rows as the original LLaVA code tokenizes them: cut at the picture, each piece a text of its own.
/// </summary>
[Trait("Category", "Golden")]
public class OriginalLlavaGoldenTests
{
    private const int ImageIndex = -200;
    private const int Ignored = -100;

    [Theory]
    [InlineData(true, "legacy")]
    [InlineData(false, "new")]
    public void Encode_PlaceholderForPictures_GivesTheIdsOfTheReference(bool legacy, string mode)
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original"), "hf/llava/original is not in this root.");
        TextTokenizer tokenizer = Load(legacy);
        GoldenTensors tensors = GoldenTensors.LoadGolden("hf", "llava", "original", "expected.safetensors");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "llava", "original", "expected.json")));
        int? image = tokenizer.TokenId("<image>");
        int compared = 0;
        foreach (JsonProperty entry in document.RootElement.GetProperty("cases").EnumerateObject())
        {
            foreach ((string tensor, string text) in ((string, string)[])[("prompt_ids", "prompt"), ("train_ids", "train_text")])
            {
                string name = $"{entry.Name}.{mode}.{tensor}";
                if (!tensors.Contains(name))
                    continue;
                Assert.Equal(
                    tensors[name].ToLongs(),
                    tokenizer.Encode(entry.Value.GetProperty(text).GetString()!).Select(i => i == image ? ImageIndex : (long)i));
                compared++;
            }
        }

        Assert.True(compared > 0);
    }

    [Fact]
    public void EncodeWithOffsets_Answers_AreWhereTheReferenceHasLabels()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original"), "hf/llava/original is not in this root.");
        TextTokenizer tokenizer = Load(legacy: true);
        GoldenTensors tensors = GoldenTensors.LoadGolden("hf", "llava", "original", "expected.safetensors");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "llava", "original", "expected.json")));
        foreach (JsonProperty entry in document.RootElement.GetProperty("cases").EnumerateObject())
        {
            Prompt prompt = ChatGoldens.ReadOriginal(entry.Value).WithAnswer(entry.Value.GetProperty("answer").GetString()!);
            string text = ChatTemplate.VicunaV1.Render(prompt, addGenerationPrompt: false);
            EncodedText encoded = tokenizer.EncodeWithOffsets(text);
            (int Start, int End)[] answers = [.. prompt.Turns.Where(t => t.Role == PromptRole.Assistant)
                .Select(t => text.IndexOf($"ASSISTANT: {((TextPart)t.Parts[0]).Text}</s>", StringComparison.Ordinal) + "ASSISTANT:".Length)
                .Select(start => (start, text.IndexOf("</s>", start, StringComparison.Ordinal) + "</s>".Length))];

            long[] labels = [.. encoded.Ids.Zip(encoded.Offsets, (id, span) =>
                Array.Exists(answers, a => span.Length > 0 && span.Start >= a.Start && span.End <= a.End) ? (long)id : Ignored)];

            Assert.Equal(tensors[$"{entry.Name}.legacy.train_labels"].ToLongs(), labels);
        }
    }

    private static TextTokenizer Load(bool legacy) => TextTokenizer.Load(
        GoldenData.Path("hf", "llava", "original", "llava-v1.5"), new TextTokenizerOptions { Legacy = legacy, Placeholders = ["<image>"] });
}
