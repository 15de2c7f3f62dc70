# Makes a Promenade screen the shell of one Windows account (Shell Launcher).
#
#   powershell -ExecutionPolicy Bypass -File shell-launcher.ps1 -User kiosk -Screen kiosk
#   powershell -ExecutionPolicy Bypass -File shell-launcher.ps1 -User kiosk -Remove
#
# Needs Windows Enterprise, Education or IoT Enterprise, and an administrator.

param(
    [Parameter(Mandatory = $true)][string]$User,
    [ValidateSet("kiosk", "mirror")][string]$Screen = "kiosk",
    [string]$Options = "--fullscreen",
    [switch]$Remove
)
$ErrorActionPreference = "Stop"

$feature = Get-WindowsOptionalFeature -Online -FeatureName Client-EmbeddedShellLauncher
if ($feature.State -ne "Enabled") {
    Enable-WindowsOptionalFeature -Online -FeatureName Client-EmbeddedShellLauncher -All -NoRestart | Out-Null
    Write-Host "Shell Launcher has been switched on. Restart Windows and run this again."
    exit 0
}

$account = New-Object System.Security.Principal.NTAccount($User)
$sid = $account.Translate([System.Security.Principal.SecurityIdentifier]).Value
$launcher = [wmiclass]"\\localhost\root\standardcimv2\embedded:WESL_UserSetting"

if ($Remove) {
    $launcher.RemoveCustomShell($sid) | Out-Null
    Write-Host "$User has Windows' own shell again."
    exit 0
}

$program = Join-Path $PSScriptRoot "promenade-$Screen.exe"
if (-not (Test-Path $program)) { throw "There is no $program." }
# When the screen ends: 0 starts it again, 3 does nothing. It ends with exit code 0 only by the
# operator's PIN; Ctrl+Alt+Del then leads to an administrator's account.
$restart = 0
$nothing = 3
$launcher.SetDefaultShell("explorer.exe", $nothing) | Out-Null
$launcher.SetCustomShell($sid, "`"$program`" $Options", @(0), @($nothing), $restart) | Out-Null
$launcher.SetEnabled($true) | Out-Null
Write-Host "$User gets the $Screen at the next sign-in. Ctrl+Alt+Del leads to other accounts."
