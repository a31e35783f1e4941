using System.Text;

namespace RlhfV.Models.Tokenization.Tests;

/// <summary>Damaged files end in <see cref="ModelFormatException"/>, or in a tokenizer that works; in nothing else.</summary>
public class TokenizerFuzzTests
{
    private static readonly string[] Texts =
        ["", "a b", " two  blanks\n", "日本 é😀 <s>x</s> <image>\n12345 it's", "\uD800 alone \u001C"];

    private static readonly string[] Literals =
        ["null", "true", "-1", "0", "3", "4194303", "4194304", "99999999999", "1e400",
         "0.5", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "{}", "[[]]", "{\"type\":\"NFC\"}"];

    [Theory]
    [InlineData("llava")]
    [InlineData("qwen25vl")]
    [InlineData("llama3")]
    [InlineData("idefics3")]
    public void Load_DamagedTokenizerJson_IsRefusedOrWorks(string family)
    {
        byte[] original = File.ReadAllBytes(RepositoryData.Path("hf", family, "checkpoint", "tokenizer.json"));
        var random = new Random(family.Length * 7919);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] damaged = round % 2 == 0 ? DamageBytes(original, random) : DamageLiteral(original, random);
            refused += Try(new() { ["tokenizer.json"] = damaged }, TokenizerSource.TokenizerJson) ? 0 : 1;
        }

        Assert.InRange(refused, 100, 399);
    }

    [Fact]
    public void Load_DamagedSentencePieceModel_IsRefusedOrWorks()
    {
        byte[] original = File.ReadAllBytes(RepositoryData.Path("rlhfv", "tokenizer", "tokenizer.model"));
        byte[] added = File.ReadAllBytes(RepositoryData.Path("rlhfv", "tokenizer", "added_tokens.json"));
        var random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 1500; round++)
        {
            byte[] damaged = DamageBytes(original, random);
            refused += Try(new() { ["tokenizer.model"] = damaged, ["added_tokens.json"] = added }, TokenizerSource.SentencePiece) ? 0 : 1;
        }

        Assert.InRange(refused, 100, 1499);
    }

    [Theory]
    [InlineData("added_tokens.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("special_tokens_map.json")]
    public void Load_DamagedFileBesideTheModel_IsRefusedOrWorks(string name)
    {
        string folder = RepositoryData.Checkpoint("llava");
        byte[] model = File.ReadAllBytes(Path.Combine(folder, "tokenizer.model"));
        byte[] original = File.ReadAllBytes(Path.Combine(folder, name));
        var random = new Random(name.Length);
        int refused = 0;
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = round % 2 == 0 ? DamageBytes(original, random) : DamageLiteral(original, random);
            refused += Try(new() { ["tokenizer.model"] = model, [name] = damaged }, TokenizerSource.SentencePiece) ? 0 : 1;
        }

        Assert.InRange(refused, 50, 299);
    }

    private static bool Try(Dictionary<string, byte[]> files, TokenizerSource source)
    {
        TextTokenizer tokenizer;
        try
        {
            tokenizer = TokenizerLoader.Load(new TokenizerFiles("damaged", files), new TextTokenizerOptions { Source = source });
        }
        catch (ModelFormatException e)
        {
            Assert.Contains("damaged", e.Message);
            return false;
        }

        foreach (string text in Texts)
        {
            EncodedText encoded = tokenizer.EncodeWithOffsets(text);
            Assert.All(encoded.Offsets, o => Assert.True(o.Start >= 0 && o.Length >= 0 && o.End <= text.Length));
            tokenizer.Decode(encoded.Ids);
        }

        return true;
    }

    private static byte[] DamageBytes(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
                    break;
            }

            if (bytes.Count == 0)
                break;
        }

        return [.. bytes];
    }

    // Another value where one stood: what a reader that trusts types would fall over.
    private static byte[] DamageLiteral(byte[] original, Random random)
    {
        string text = Encoding.UTF8.GetString(original);
        int start = text.IndexOfAny([':', ',', '['], random.Next(text.Length - 10)) + 1;
        int end = start;
        while (end < text.Length && !",]}:\n".Contains(text[end]))
            end++;
        return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, start), Literals[random.Next(Literals.Length)], text.AsSpan(end)));
    }
}
