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

    /// <summary>Opens a store; a file that exists is read, and a last line that was cut off by an interruption is taken off it.</summary>
    /// <exception cref="InvalidDataException">A line other than the last is no reply.</exception>
    public JudgeStore(string? path)
    {
        if (path is null)
        {
            return;
        }

        string full = Path.GetFullPath(path);
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
        int start = 0;
        for (int line = 1; start < bytes.Length; line++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                break; // The line that an interruption cut off: its question is asked again.
            }

            ReadOnlySpan<byte> text = bytes.AsSpan(start, length);
            if (!text.Trim(" \r\t"u8).IsEmpty)
            {
                Remember(Parse(text, path, line));
            }

            start += length + 1;
        }

        file.SetLength(start);
        file.Position = start;
    }

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
