using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Prompting.Tests;

[Trait("Category", "Golden")]
public class MuffinRowEncoderGoldenTests
{
    private static readonly Lazy<TextTokenizer> Tokenizer = new(() => TextTokenizer.Load(
        GoldenData.Path("rlhfv", "tokenizer"), new TextTokenizerOptions { Source = TokenizerSource.SentencePiece }));

    private static readonly ImageSource Picture = ImageSource.FromFile("unused.png");

    [Fact]
    public void Encode_StoredPairs_GivesIdsAndLabelsOfTheReference()
    {
        using JsonDocument document = Read("samples.json");
        int count = 0;
        foreach (JsonElement record in document.RootElement.GetProperty("records").EnumerateArray().Where(IsSlow))
        {
            MuffinRowEncoder encoder = Encoder(record, record.GetProperty("model_max_length").GetInt32());
            string question = record.GetProperty("question").GetString()!;
            Prompt prompt = record.GetProperty("image").GetBoolean() ? Prompt.Ask(question, Picture) : Prompt.Ask(question);
            foreach (string side in (string[])["chosen", "rejected"])
            {
                string answer = record.GetProperty(side).GetString()!;
                MuffinRow row = encoder.Encode(prompt.WithAnswer(answer));
                string name = $"{record.GetProperty("template")} {record.GetProperty("name")} {side}";
                AssertRow(name, record.GetProperty($"{side}_input_ids"), record.GetProperty($"{side}_labels"), row);
                Assert.Equal(answer, row.Text.Substring(row.Answer.Start, row.Answer.Length));
                count++;
            }
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void Encode_StoredConversations_GivesIdsAndLabelsOfTheReference()
    {
        using JsonDocument document = Read("samples.json");
        int count = 0;
        foreach (JsonElement record in document.RootElement.GetProperty("multi_turn").EnumerateArray().Where(IsSlow))
        {
            MuffinRow row = Encoder(record, 2048).Encode(Conversation(record.GetProperty("turns")));
            AssertRow($"conversation {count}", record.GetProperty("input_ids"), record.GetProperty("labels"), row);
            count++;
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void Encode_RowsThatTheReferenceWarnsOf_NameTheProblem()
    {
        using JsonDocument document = Read("samples.json");
        int problems = 0;
        foreach (JsonElement record in document.RootElement.GetProperty("records").EnumerateArray().Where(IsSlow))
        {
            MuffinRowEncoder encoder = Encoder(record, record.GetProperty("model_max_length").GetInt32());
            string question = record.GetProperty("question").GetString()!;
            Prompt prompt = record.GetProperty("image").GetBoolean() ? Prompt.Ask(question, Picture) : Prompt.Ask(question);
            bool warned = record.GetProperty("warnings").GetArrayLength() > 0;
            MuffinRow[] rows =
                [.. ((string[])["chosen", "rejected"]).Select(s => encoder.Encode(prompt.WithAnswer(record.GetProperty(s).GetString()!)))];

            Assert.Equal(warned, rows.Any(r => r.Problem is not null));
            Assert.All(rows.Where(r => r.Problem is not null),
                r => Assert.All(r.Labels, l => Assert.Equal(MuffinRowEncoder.IgnoredLabel, l)));
            problems += warned ? 1 : 0;
        }

        Assert.True(problems > 0);
    }

    [Fact]
    public void Encode_StoredBatches_GivesTheirRowsBeforeTheFilling()
    {
        using JsonDocument batches = Read("collated.json");
        using JsonDocument samples = Read("samples.json");
        GoldenTensors tensors = GoldenTensors.LoadGolden("rlhfv", "b_encode", "collated.safetensors");
        int rows = 0;
        foreach (JsonElement batch in batches.RootElement.GetProperty("batches").EnumerateArray())
        {
            string key = batch.GetProperty("key").GetString()!;
            int index = 0;
            foreach (string name in batch.GetProperty("names").EnumerateArray().Select(n => n.GetString()!))
            {
                JsonElement record = samples.RootElement.GetProperty("records").EnumerateArray().First(r => IsSlow(r)
                    && r.GetProperty("name").GetString() == name && r.GetProperty("image").GetBoolean()
                    && r.GetProperty("template").GetString() == batch.GetProperty("template").GetString());
                MuffinRowEncoder encoder = Encoder(record, record.GetProperty("model_max_length").GetInt32());
                Prompt prompt = Prompt.Ask(record.GetProperty("question").GetString()!, Picture);
                foreach ((string side, string answer) in ((string, string)[])[("win", "chosen"), ("rej", "rejected")])
                {
                    MuffinRow row = encoder.Encode(prompt.WithAnswer(record.GetProperty(answer).GetString()!));
                    AssertFilled(tensors[$"{key}.{side}_input_ids"], index, row.Ids, encoder.PadId);
                    AssertFilled(tensors[$"{key}.{side}_labels"], index, row.Labels, MuffinRowEncoder.IgnoredLabel);
                    rows++;
                }

                index++;
            }
        }

        Assert.True(rows > 0);
    }

    [Fact]
    public void EncodeEvaluationPrompt_StoredQuestions_GivesIdsOfTheReference()
    {
        using JsonDocument document = Read("eval_prompts.json");
        int count = 0;
        foreach (JsonElement entry in document.RootElement.GetProperty("prompts").EnumerateArray())
        {
            string question = entry.GetProperty("question").GetString()!.Replace("<image>", "");
            var encoder = new MuffinRowEncoder(
                Tokenizer.Value, new MuffinRowOptions { ImageTokenCount = entry.GetProperty("image_token_len").GetInt32() });

            Assert.Equal(Numbers(entry.GetProperty("input_ids")), encoder.EncodeEvaluationPrompt(Prompt.Ask(question, Picture)));
            count++;
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void EncodeEvaluationPrompt_FollowUp_GivesIdsOfTheReference()
    {
        using JsonDocument document = Read("eval_prompts.json");
        JsonElement stored = document.RootElement.GetProperty("follow_up");
        Prompt prompt = Conversation(stored.GetProperty("history"));

        Assert.Equal(stored.GetProperty("text").GetString(), ChatTemplate.MuffinEvaluation.Render(prompt, addGenerationPrompt: true));
        Assert.Equal(Numbers(stored.GetProperty("input_ids")), new MuffinRowEncoder(Tokenizer.Value).EncodeEvaluationPrompt(prompt));
    }

    private static MuffinRowEncoder Encoder(JsonElement record, int maxLength)
    {
        var options = new MuffinRowOptions
        {
            Form = record.GetProperty("template").GetString() == "v0" ? MuffinRowForm.V0 : MuffinRowForm.V1,
            ImageTokenCount = Math.Max(1, record.GetProperty("image_token_len").GetInt32()),
            MaxLength = maxLength,
        };
        var encoder = new MuffinRowEncoder(Tokenizer.Value, options);
        Assert.Equal(record.GetProperty("pad_token_id").GetInt32(), encoder.PadId);
        return encoder;
    }

    // Turns are [role, text] or {from, value}.
    private static Prompt Conversation(JsonElement turns) => new([.. turns.EnumerateArray().Select(turn =>
    {
        bool pair = turn.ValueKind == JsonValueKind.Array;
        string role = (pair ? turn[0] : turn.GetProperty("from")).GetString()!;
        string text = (pair ? turn[1] : turn.GetProperty("value")).GetString()!;
        PromptPart[] parts = text.StartsWith("<image>\n", StringComparison.Ordinal)
            ? [new ImagePart(Picture), new TextPart(text["<image>\n".Length..])]
            : [new TextPart(text)];
        return new PromptTurn(role == "human" ? PromptRole.User : PromptRole.Assistant, parts);
    })]);

    private static void AssertRow(string name, JsonElement ids, JsonElement labels, MuffinRow row)
    {
        Assert.True(Numbers(ids).SequenceEqual(row.Ids), $"{name}: ids {string.Join(' ', row.Ids)} instead of {ids}");
        Assert.True(Numbers(labels).SequenceEqual(row.Labels), $"{name}: labels {string.Join(' ', row.Labels)} instead of {labels}");
    }

    private static void AssertFilled(GoldenTensor rows, int index, IReadOnlyList<int> row, int filling)
    {
        int width = (int)rows.Shape[^1];
        Assert.Equal(
            rows.ToLongs().Skip(index * width).Take(width),
            row.Concat(Enumerable.Repeat(filling, width - row.Count)).Select(i => (long)i));
    }

    private static bool IsSlow(JsonElement record) => record.GetProperty("tokenizer").GetString() == "slow";

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetInt32())];

    private static JsonDocument Read(string file)
    {
        Assert.SkipUnless(GoldenData.Has("rlhfv", "b_encode", file), $"rlhfv/b_encode/{file} is not in this root.");
        return JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "b_encode", file)));
    }
}
