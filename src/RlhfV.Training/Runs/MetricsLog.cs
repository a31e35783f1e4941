using System.Text.Json;

namespace RlhfV.Training.Runs;

/// <summary>The records of all steps, one JSON object per line.</summary>
internal sealed class MetricsLog(string path) : IDisposable
{
    private FileStream? _file;

    /// <summary>Reads the records up to a step and drops later ones, which a run that continues from that step will write again.</summary>
    /// <exception cref="InvalidDataException">A record is missing or cannot be read.</exception>
    public List<TrainingProgress> Resume(long step)
    {
        var records = new List<TrainingProgress>();
        foreach (string line in File.Exists(path) ? File.ReadLines(path).Take((int)step) : [])
        {
            records.Add(Parse(line, records.Count + 1));
        }

        if (records.Count < step)
        {
            throw new InvalidDataException(
                $"'{path}' ends after {records.Count} steps, but there is a checkpoint of step {step}. "
                + "Put the file back, or start in a new folder.");
        }

        // What a killed process wrote after its last checkpoint goes, a half line at the end included.
        using (var whole = new MemoryStream())
        {
            foreach (TrainingProgress record in records)
            {
                JsonSerializer.Serialize(whole, record, RunJson.Options);
                whole.WriteByte((byte)'\n');
            }

            RunJson.Write(path, whole.ToArray());
        }

        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        return records;
    }

    /// <summary>Adds a record.</summary>
    public void Append(TrainingProgress record)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, RunJson.Options), (byte)'\n'];
        _file!.Write(line);
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private TrainingProgress Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingProgress>(line, RunJson.Options) is { } record && record.Step == number
                ? record
                : throw new InvalidDataException($"'{path}', line {number}: expected the record of step {number}, found '{line}'.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}', line {number}: expected the record of step {number} as JSON, found '{line}'.", e);
        }
    }
}
