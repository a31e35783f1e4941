using System.CommandLine;
using QuickStart;

var output = new Option<DirectoryInfo>("--out")
{
    Description = "Folder for the report and the aligned model.",
    DefaultValueFactory = _ => new DirectoryInfo("quickstart-output"),
};
var quick = new Option<bool>("--quick")
{
    Description = "A short run on part of the data: shows that everything works, not what the method reaches.",
};
var root = new RootCommand("Aligns a model that hallucinates, measures it before and after, saves it and captions with it.") { output, quick };
root.SetAction((parsed, cancellationToken) =>
    new Walkthrough(parsed.GetValue(output)!.FullName, parsed.GetValue(quick) ? RunSize.Quick : RunSize.Full).RunAsync(cancellationToken));
return await root.Parse(args).InvokeAsync();
