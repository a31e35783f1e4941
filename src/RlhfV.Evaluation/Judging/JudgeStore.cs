using System.Text;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>Replies by question, in memory and, when it has a path, in a file that grows by one line per reply.</summary>
internal sealed class JudgeStore : IDisposable
{
    private readonly Dictionary<(string Benchmark, string Item, int Repeat, string PromptHash, string Model),
        List<JudgeReply>> _replies = [];
    private readonly Lock _lock = new();
    private readonly FileStream? _file;

    /// <summary>How every line begins that this class writes.</summary>
    private static ReadOnlySpan<byte> LineBegin => "{\"benchmark\":\""u8;

    /// <summary>Opens a store; a file that exists is read, and a last line that was cut off by an interruption is taken off it.</summary>
    /// <param name="path">The file; null keeps replies in memory.</param>
    /// <param name="readOnly">True to leave the file as it is: it may be write-protected, or grow in another process.</param>
    /// <exception cref="InvalidDataException">A line is no reply, unless it is the last one and the beginning of a reply.</exception>
    public JudgeStore(string? path, bool readOnly)
    {
        if (path is null)
        {
            return;
        }

        string full = Path.GetFullPath(path);
        if (readOnly)
        {
            using var stored = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Load(stored, full);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!); // A full path of a file always has a folder.
        _file = new(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Load(_file, full);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The replies to a question so far, oldest first.</summary>
    public IReadOnlyList<JudgeReply> Find(string benchmark, string item, int repeat, string promptHash, string model)
    {
        lock (_lock)
        {
            return _replies.TryGetValue((benchmark, item, repeat, promptHash, model), out List<JudgeReply>? found) ? [.. found] : [];
        }
    }

    /// <summary>The model that the replies to a benchmark are from; empty when there are none.</summary>
    /// <exception cref="InvalidOperationException">They are from several.</exception>
    public string OnlyModel(string benchmark)
    {
        string[] models =
            [.. _replies.Keys.Where(key => key.Benchmark == benchmark).Select(key => key.Model).Distinct().Order(StringComparer.Ordinal)];
        return models.Length <= 1 ? models.FirstOrDefault("") : throw new InvalidOperationException(
            $"The store holds replies of {string.Join(", ", models.Select(model => $"'{model}'"))} to {benchmark}; name the one to score by.");
    }

    /// <summary>How often the store has a model judge each item of a benchmark; one when it has no reply.</summary>
    public int Repeats(string benchmark, string model) => 1 + _replies.Keys
        .Where(key => key.Benchmark == benchmark && key.Model == model).Select(key => key.Repeat).DefaultIfEmpty(0).Max();

    public void Add(JudgeReply reply)
    {
        lock (_lock)
        {
            Remember(reply);
            if (_file is not null)
            {
                _file.Write(JsonSerializer.SerializeToUtf8Bytes(reply, JudgeJson.Default.JudgeReply));
                _file.Write("\n"u8);
                _file.Flush();
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Load(FileStream file, string path)
    {
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        int start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0; // Editors add the mark.
        for (int line = 1; start < bytes.Length; line++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                LoadLast(file, bytes.AsSpan(start), start, path, line);
                return;
            }

            ReadOnlySpan<byte> text = bytes.AsSpan(start, length);
            if (!text.Trim(" \r\t"u8).IsEmpty)
            {
                Remember(Parse(text, path, line));
            }

            start += length + 1;
        }

        file.Position = bytes.Length;
    }

    /// <summary>
    /// The last line when nothing ends it: whole, where an editor took the line break off; else cut off by an interruption, and its question is
    /// asked again. Anything else is somebody's file, which must not be cut.
    /// </summary>
    private void LoadLast(FileStream file, ReadOnlySpan<byte> text, int start, string path, int line)
    {
        if (IsWhole(text))
        {
            Remember(Parse(text, path, line));
            start += text.Length;
        }
        else if (!IsBeginning(text))
        {
            Remember(Parse(text, path, line)); // Throws, and says which line.
        }

        if (file.CanWrite)
        {
            file.SetLength(start);
            file.Position = start;
            if (start > 0 && IsWhole(text))
            {
                file.Write("\n"u8);
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, JudgeJson.Default.JudgeReply) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsBeginning(ReadOnlySpan<byte> text) =>
        text.Length < LineBegin.Length ? LineBegin.StartsWith(text) : text.StartsWith(LineBegin);

    private static JudgeReply Parse(ReadOnlySpan<byte> line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JudgeJson.Default.JudgeReply) ?? throw new JsonException("null is no reply");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path}, line {number}: not a stored judge reply ({e.Message}): " +
                $"{Encoding.UTF8.GetString(line[..Math.Min(80, line.Length)])}. " +
                "Remove the line, or give another file.", e);
        }
    }

    private void Remember(JudgeReply reply)
    {
        (string, string, int, string, string) key = (reply.Benchmark, reply.Item, reply.Repeat, reply.PromptHash, reply.RequestedModel);
        if (!_replies.TryGetValue(key, out List<JudgeReply>? replies))
        {
            _replies[key] = replies = [];
        }

        replies.Add(reply);
    }
}
